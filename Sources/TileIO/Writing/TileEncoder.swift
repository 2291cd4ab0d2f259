import Base

/// Compresses tiles of one size, one at a time.
protocol TileEncoder: AnyObject {
  /// Appends the compressed bytes of the tile at `pixels` to `tile`.
  func encode(
    _ pixels: UnsafeRawPointer, bytesPerRow: Int, into tile: EncodedTile
  ) throws(TesseraError)
}

/// Leaves tiles as they are.
final class RawTileEncoder: TileEncoder {
  private let rowBytes: Int
  private let rows: Int

  init(rowBytes: Int, rows: Int) {
    self.rowBytes = rowBytes
    self.rows = rows
  }

  func encode(
    _ pixels: UnsafeRawPointer, bytesPerRow: Int, into tile: EncodedTile
  ) throws(TesseraError) {
    for row in 0..<rows { tile.append(pixels + row * bytesPerRow, count: rowBytes) }
  }
}
