import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import StainNormalization

/// An 8-bit RGB picture in memory.
struct Picture: Equatable {
  let width: Int
  let height: Int
  var samples: [UInt8]

  init(width: Int, height: Int, samples: [UInt8]) {
    precondition(samples.count == 3 * width * height)
    (self.width, self.height, self.samples) = (width, height, samples)
  }

  /// Paints each pixel by its position.
  init(_ width: Int, _ height: Int, _ color: (Int, Int) -> (UInt8, UInt8, UInt8)) {
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let (r, g, b) = color(x, y)
        samples += [r, g, b]
      }
    }
    self.init(width: width, height: height, samples: samples)
  }

  /// Reads any image through the vips program.
  init(contentsOf path: String) throws {
    let vips = try #require(ExternalTool("vips"))
    let folder = try TemporaryDirectory()
    let ppm = folder.path("picture.ppm")
    let result = try vips.run(["extract_band", path, ppm, "0", "--n", "3"])
    try #require(result.status == 0, "\(result.errors)")
    try self.init(ppm: [UInt8](Data(contentsOf: URL(filePath: ppm))))
  }

  /// Reads a binary PPM of 8 bits.
  init(ppm: [UInt8]) throws {
    var (position, fields) = (2, [Int]())
    while fields.count < 3 {
      if ppm[position] == UInt8(ascii: "#") {
        while ppm[position] != 10 { position += 1 }
      } else if let digit = Character(UnicodeScalar(ppm[position])).wholeNumberValue {
        var value = digit
        position += 1
        while let digit = Character(UnicodeScalar(ppm[position])).wholeNumberValue {
          value = value * 10 + digit
          position += 1
        }
        fields.append(value)
      } else {
        position += 1
      }
    }
    try #require(fields[2] == 255)
    self.init(width: fields[0], height: fields[1], samples: Array(ppm[(position + 1)...]))
  }

  /// The picture as a binary PPM.
  var ppm: Data { Data("P6\n\(width) \(height)\n255\n".utf8) + samples }

  /// The picture as a tile of a format.
  func tile(_ format: SampleFormat = .uint8) -> Tile {
    var tile = Tile(
      region: PixelRegion(x: 0, y: 0, width: width, height: height), channels: 3, format: format)
    for y in 0..<height {
      let row = samples[(3 * width * y)..<(3 * width * (y + 1))]
      switch format {
      case .uint8:
        tile.withMutableRow(y, columns: 0..<width, as: UInt8.self) { span in
          for (index, value) in row.enumerated() { span[index] = value }
        }
      case .uint16:
        tile.withMutableRow(y, columns: 0..<width, as: UInt16.self) { span in
          for (index, value) in row.enumerated() { span[index] = UInt16(value) * 257 }
        }
      case .float32:
        tile.withMutableRow(y, columns: 0..<width, as: Float.self) { span in
          for (index, value) in row.enumerated() { span[index] = Float(value) / 255 }
        }
      }
    }
    return tile
  }

  /// The picture as its own overview.
  func overview(_ format: SampleFormat = .uint8) -> Overview {
    Overview(
      image: ImageDescription(width: width, height: height, channels: 3, format: format),
      reduction: 1, pixels: tile(format))
  }

  /// What a translator makes of the picture.
  func translated(by translator: any TileTranslator) throws -> Picture {
    var output = tile()
    try translator.translate(tile(), into: &output)
    return Picture(output)
  }

  /// Reads an 8-bit tile.
  init(_ tile: borrowing Tile) {
    var samples: [UInt8] = []
    for y in tile.region.rows {
      tile.withRow(y, columns: tile.region.columns, as: UInt8.self) { span in
        for index in span.indices { samples.append(span[index]) }
      }
    }
    self.init(width: tile.region.width, height: tile.region.height, samples: samples)
  }

  /// The largest, and the mean, difference of a sample.
  func difference(from other: Picture) -> (most: Int, mean: Double) {
    let differences = zip(samples, other.samples).map { abs(Int($0) - Int($1)) }
    return (
      differences.max() ?? 0,
      differences.isEmpty ? 0 : Double(differences.reduce(0, +)) / Double(differences.count)
    )
  }
}
