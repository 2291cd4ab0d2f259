import TesseraPlugin
import TileIO

/// A row of an image as planes of stored values: one a channel, and the luminance of RGB as the last.
struct PlanarRow: Sendable {
  let width: Int
  /// Samples of the row that are no finite numbers.
  private(set) var nonFinite = 0
  private var channels: [[Float]]
  private var luminance: [Float]

  init(_ info: ImageInfo) {
    width = info.width
    channels = [[Float]](
      repeating: [Float](repeating: 0, count: info.width), count: info.channels)
    let hasLuminance = info.color == .rgb && info.channels >= 3
    luminance = [Float](repeating: 0, count: hasLuminance ? info.width : 0)
  }

  var planes: Int { channels.count + (luminance.isEmpty ? 0 : 1) }

  /// The names of the planes.
  static func names(_ info: ImageInfo) -> [String] {
    let colors = info.channels - (info.hasAlpha ? 1 : 0)
    var names: [String]
    switch info.color {
    case .rgb where colors == 3: names = ["red", "green", "blue"]
    case .gray where colors == 1: names = ["grey"]
    default: names = (0..<colors).map { "channel \($0 + 1)" }
    }
    if info.hasAlpha { names.append("alpha") }
    if info.color == .rgb, info.channels >= 3 { names.append("luminance") }
    return names
  }

  /// Hands out a plane.
  @inline(__always)
  func withPlane<Result>(_ plane: Int, _ body: (Span<Float>) -> Result) -> Result {
    let samples = plane < channels.count ? channels[plane] : luminance
    return body(samples.span)
  }

  /// Takes a row of a strip that has the full width.
  mutating func load(_ row: Int, of strip: borrowing Tile) {
    switch strip.format {
    case .uint8: split(row, of: strip, as: UInt8.self) { Float($0) }
    case .uint16: split(row, of: strip, as: UInt16.self) { Float($0) }
    case .float32:
      split(row, of: strip, as: Float.self) { $0 }
      nonFinite = channels.reduce(0) { count, plane in
        count + plane.reduce(0) { $0 + ($1.isFinite ? 0 : 1) }
      }
    }
    if !luminance.isEmpty { weighChannels() }
  }

  private mutating func split<S: Sample>(
    _ row: Int, of strip: borrowing Tile, as: S.Type, _ value: (S) -> Float
  ) {
    let (width, count) = (width, channels.count)
    strip.withRow(row, columns: 0..<width, as: S.self) { input in
      for channel in 0..<count {
        var plane = channels[channel].mutableSpan
        for x in 0..<width { plane[x] = value(input[x * count + channel]) }
      }
    }
  }

  // The weights are those of BT.709.
  private mutating func weighChannels() {
    let (reds, greens, blues) = (channels[0], channels[1], channels[2])
    let red = reds.span
    let green = greens.span
    let blue = blues.span
    var output = luminance.mutableSpan
    for x in 0..<output.count { output[x] = 0.2126 * red[x] + 0.7152 * green[x] + 0.0722 * blue[x] }
  }
}
