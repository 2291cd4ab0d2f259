import Base
import TesseraPlugin
import TileIO

/// Cuts an image into strips of the full width, to be read from top to bottom.
struct StripReader: Sendable {
  /// The rows of each strip.
  let rows: [Range<Int>]

  /// About 256 rows, whole tiles where the image is stored in tiles, and at most 128 MB.
  init(_ info: ImageInfo) {
    let bytesPerRow = info.width * info.channels * info.sampleFormat.bytes
    var height = 256
    if let tile = info.storedTile?.height, (1...1024).contains(tile) {
      height = max(tile, 256 / tile * tile)
    }
    self.init(height: info.height, rows: min(height, max(1, (128 << 20) / max(1, bytesPerRow))))
  }

  init(height: Int, rows count: Int) {
    rows = stride(from: 0, to: height, by: count).map { $0..<min(height, $0 + count) }
  }

  func read(_ rows: Range<Int>, of source: any ImageSource) throws(TesseraError) -> Tile {
    let info = source.info
    var strip = Tile(
      region: PixelRegion(x: 0, y: rows.lowerBound, width: info.width, height: rows.count),
      channels: info.channels, format: info.sampleFormat)
    try source.read(into: &strip)
    return strip
  }
}
