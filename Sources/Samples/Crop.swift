import Base
import TesseraPlugin
import TileIO

/// A window of another image as an image of its own.
final class Crop: ImageSource {
  let info: ImageInfo
  private let source: any ImageSource
  private let window: PixelRegion

  init(of source: any ImageSource, region: PixelRegion) {
    self.source = source
    window = region
    var info = source.info
    info.width = region.width
    info.height = region.height
    info.levels = [ImageInfo.Level(width: region.width, height: region.height)]
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    let region = tile.region
    let channels = tile.channels
    let format = tile.format
    let bytesPerRow = tile.bytesPerRow
    let moved = PixelRegion(
      x: region.x + window.x, y: region.y + window.y, width: region.width, height: region.height)
    try tile.withUnsafeMutableBytes { base throws(TesseraError) in
      var lent = Tile(
        lending: base, bytesPerRow: bytesPerRow, region: moved, channels: channels, format: format)
      try source.read(into: &lent)
    }
  }
}
