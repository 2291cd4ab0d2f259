import Base
import TesseraPlugin

/// A row of tiles to compress and to halve: what the jobs of a parallel loop share.
struct TileRow: @unchecked Sendable {
  // Sendable: the pixels are only read while the loop runs, and each job writes the tile and the
  // columns of the next level that are its own.

  let plan: PyramidPlan
  let source: BoxFilter.Rows
  /// The first row.
  let top: Int
  /// The tiles that are taken over compressed; nil for none.
  let copies: TileCopies?
  /// Where the tiles go.
  let tiles: [EncodedTile]
  /// The rows of the next level, if there is one.
  let next: UnsafeMutableRawPointer?
  let nextBytesPerRow: Int
  let nextWidth: Int
  let nextRows: Int
  let workspaces: TileWorkspaces
  let uniform: UniformTiles

  /// Compresses the tile in `column` and halves its pixels.
  func process(_ column: Int) throws(TesseraError) {
    let side = plan.tileSize
    let bytesPerPixel = plan.layout.bytesPerPixel
    let left = column * side
    let width = min(side, source.width - left)
    let pixels = source.base + left * bytesPerPixel
    let region = PixelRegion(x: left, y: top, width: width, height: source.height)
    if let bytes = try copies?.bytes(of: region) {
      tiles[column].removeAll()
      bytes.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress { tiles[column].append(base, count: bytes.count) }
      }
    } else {
      try encode(pixels, width: width, into: tiles[column])
    }
    guard let next, nextRows > 0 else { return }
    let nextLeft = left / 2
    let columns = min(nextWidth, nextLeft + max(1, side / 2)) - nextLeft
    guard columns > 0 else { return }
    let target = next + nextLeft * bytesPerPixel
    let rows = BoxFilter.Rows(
      base: pixels, bytesPerRow: source.bytesPerRow, width: width, height: source.height)
    guard !plan.info.holdsLabels else {
      return BoxFilter.thin(
        into: target, bytesPerRow: nextBytesPerRow, width: columns, height: nextRows, from: rows,
        bytesPerPixel: bytesPerPixel)
    }
    BoxFilter.shrink(
      into: target, bytesPerRow: nextBytesPerRow, width: columns, height: nextRows, from: rows,
      channels: plan.layout.channels, hasAlpha: plan.layout.hasAlpha, format: plan.layout.format)
  }

  private func encode(
    _ pixels: UnsafeRawPointer, width: Int, into tile: EncodedTile
  ) throws(TesseraError) {
    tile.removeAll()
    let color = UniformTiles.color(
      of: pixels, bytesPerRow: source.bytesPerRow, width: width, height: source.height,
      bytesPerPixel: plan.layout.bytesPerPixel)
    if let color, let known = uniform.tile(of: color) {
      tile.append(known.bytes, count: known.count)
      return
    }
    try workspaces.use { workspace throws(TesseraError) in
      try workspace.encode(
        pixels, bytesPerRow: source.bytesPerRow, width: width, height: source.height, into: tile)
    }
    if let color { uniform.keep(tile, of: color) }
  }
}
