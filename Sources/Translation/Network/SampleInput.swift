import TesseraPlugin
import TileIO

/// A sample window, and what of it is measured.
struct SampleInput: Sendable {
  let region: PixelRegion
  /// Rows and columns of the core within the window.
  let core: [Range<Int>]
  private let sample: PixelSample
  private let codec: WindowCodec

  init(_ sample: PixelSample, _ window: SamplePlan.Window, _ codec: WindowCodec) {
    self.sample = sample
    self.codec = codec
    region = window.region
    let (x, y) = (region.x, region.y)
    core = [
      (window.core.y - y)..<(window.core.y + window.core.height - y),
      (window.core.x - x)..<(window.core.x + window.core.width - x),
    ]
  }

  /// Writes the window as the network takes it; what lies beyond the image is its mirror image.
  func encode(into values: inout MutableSpan<Float>) throws(PairError) {
    guard sample.pixels.region != region else {
      return try codec.encode(sample.pixels, into: &values)
    }
    var padded = Tile(
      region: region, channels: sample.pixels.channels, format: sample.pixels.format)
    padded.fillMirrored(from: sample.pixels)
    try codec.encode(padded, into: &values)
  }

  /// The window as the network takes it.
  func encoded() throws(PairError) -> [Float] {
    var values = [Float](repeating: 0, count: codec.input.channels * region.area)
    var span = values.mutableSpan
    try encode(into: &span)
    return values
  }
}
