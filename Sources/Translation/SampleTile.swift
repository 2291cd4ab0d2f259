import Base
import Synchronization
import TesseraPlugin
import TileIO

/// A part of an image that is being read for a pair to calibrate on.
final class SampleTile: Sendable {
  private let region: PixelRegion
  private let block: PixelBlock

  /// Room for the pixels of `region`.
  init(region: PixelRegion, info: ImageInfo) {
    self.region = region
    block = PixelBlock(region: region, channels: info.channels, format: info.sampleFormat)
  }

  /// Fills the part in one go.
  func fill(_ read: (inout Tile) throws(TesseraError) -> Void) throws(TesseraError) {
    var tile = block.lend(region)
    try read(&tile)
  }

  /// Takes the rows that `strip` has of it.
  func take(_ strip: borrowing Tile) {
    let part = region.intersection(strip.region)
    guard !part.isEmpty else { return }
    var tile = block.lend(region)
    tile.copy(part, from: strip)
  }

  /// The pixels for the pair, of which the first `own` channels are the image's.
  func sample(own: Int, hasAlpha: Bool) -> PixelSample {
    let tile = block.lend(region)
    guard !hasAlpha else { return PixelSample(ChannelSplit.colors(of: tile, own: own)) }
    var copy = Tile(region: region, channels: block.channels, format: block.format)
    copy.copy(region, from: tile)
    return PixelSample(copy)
  }
}
