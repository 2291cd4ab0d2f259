import TesseraPlugin
import Testing

@testable import Translation

/// Rows against the plainest way to write them.
@Suite struct WindowCodecTests {
  private static let formats: [PictureFormat] = [
    PictureFormat(channels: 3, color: .rgb, range: -1...1),
    PictureFormat(channels: 3, color: .bgr, range: 0...255),
    PictureFormat(channels: 1, color: .gray, range: 0...1),
    PictureFormat(channels: 5, color: .other, range: -1...1),
  ]

  @Test(arguments: formats, [1, 7, 8, 33])
  func `8-bit samples become planes in the network's range`(
    format: PictureFormat, width: Int
  ) throws {
    let (height, channels) = (2, format.channels)
    var window = Tile(
      region: PixelRegion(x: 3, y: 5, width: width, height: height), channels: channels,
      format: .uint8)
    for row in 5..<7 {
      window.withMutableRow(row, columns: 3..<(3 + width), as: UInt8.self) { samples in
        for index in samples.indices { samples[index] = UInt8((index * 37 + row * 11) % 256) }
      }
    }
    var values = [Float](repeating: .nan, count: channels * width * height)
    var span = values.mutableSpan
    try WindowCodec(input: format, output: format).encode(window, into: &span)
    let (low, high) = (format.range[0], format.range[1])
    for row in 0..<height {
      for column in 0..<width {
        for channel in 0..<channels {
          let sample = ((column * channels + channel) * 37 + (row + 5) * 11) % 256
          let plane = format.color == .bgr ? channels - 1 - channel : channel
          let found = values[(plane * height + row) * width + column]
          let expected = Float(sample) * ((high - low) / 255) + low
          #expect(found == expected)
        }
      }
    }
  }

  @Test(arguments: SampleFormat.allCases)
  func `labels that come out are the numbers of the largest channels`(format: SampleFormat) {
    let (width, height, classes) = (5, 3, 4)
    let output = PictureFormat(channels: classes, color: .labels, range: 0...1)
    let values = (0..<classes * width * height).map { Float(($0 * 7) % 5) }
    let expected = (0..<width * height).map { place in
      (1..<classes).reduce(0) {
        values[$1 * width * height + place] > values[$0 * width * height + place] ? $1 : $0
      }
    }
    var core = Tile(
      region: PixelRegion(x: 1, y: 1, width: 3, height: 2), channels: 1, format: format)
    WindowCodec(input: Self.formats[0], output: output).decode(
      values.span, x: 0, y: 0, width: width, height: height, into: &core)
    for row in 1..<3 {
      for column in 1..<4 {
        let found = core.labelValue(column, row)
        #expect(found == expected[row * width + column])
      }
    }
  }

  @Test(
    arguments: [PictureFormat.Color.rgb, .bgr, .gray, .other], [1, 7, 8, 9, 16, 17, 33])
  func `a network's values become the nearest levels, halves up, held to 0...255`(
    color: PictureFormat.Color, width: Int
  ) {
    let channels = color == .gray ? 1 : color == .other ? 5 : 3
    let format = PictureFormat(channels: channels, color: color, range: 0...255)
    let odd: [Float] = [
      -1, -0.1, 0, 0.49999997, 0.5, 1.5, 2.5, 127.49999, 127.5, 254.5, 254.99, 255, 255.5, 1e30,
      -.infinity, .infinity, .nan,
    ]
    let values = (0..<channels * width).map { odd[($0 * 5) % odd.count] }
    var core = Tile(
      region: PixelRegion(x: 0, y: 0, width: width, height: 1), channels: channels,
      format: .uint8)
    WindowCodec(input: format, output: format).decode(
      values.span, x: 0, y: 0, width: width, height: 1, into: &core)
    for column in 0..<width {
      for channel in 0..<channels {
        let plane = color == .bgr ? channels - 1 - channel : channel
        let value = values[plane * width + column]
        let expected = value.isNaN ? 0 : UInt8(min(max(value, 0), 255).rounded())
        let found = core.withRow(0, columns: 0..<width, as: UInt8.self) {
          $0[column * channels + channel]
        }
        #expect(found == expected, "\(value)")
      }
    }
  }
}

extension Tile {
  /// The number of a class, whatever the format.
  fileprivate func labelValue(_ x: Int, _ y: Int) -> Int {
    switch format {
    case .uint8: withRow(y, columns: x..<(x + 1), as: UInt8.self) { Int($0[0]) }
    case .uint16: withRow(y, columns: x..<(x + 1), as: UInt16.self) { Int($0[0]) }
    case .float32: withRow(y, columns: x..<(x + 1), as: Float.self) { Int($0[0]) }
    }
  }
}
