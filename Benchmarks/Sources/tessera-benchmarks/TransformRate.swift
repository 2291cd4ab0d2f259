import Foundation
import StainNormalization
import TesseraPlugin

/// The transform alone: pixels of a slide in memory through a calibrated translator, on one core.
struct TransformRate {
  let pixels: [UInt8]
  let width: Int
  let height: Int

  /// Reads the pixel data of a binary PPM.
  init(ppm path: String) throws {
    let data = Array(try Data(contentsOf: URL(filePath: path)))
    // P6, width, height, maximum, then one white space.
    var fields: [String] = []
    var position = 0
    while fields.count < 4, position < data.count {
      let start = position
      while position < data.count, data[position] > 32 { position += 1 }
      let field = String(decoding: data[start..<position], as: UTF8.self)
      if field.hasPrefix("#") {
        while position < data.count, data[position] != 10 { position += 1 }
      } else if !field.isEmpty {
        fields.append(field)
      }
      position += 1
    }
    guard fields.count == 4, let width = Int(fields[1]), let height = Int(fields[2]),
      data.count - position == width * height * 3
    else { throw RunFailure(description: "\(path) is no binary PPM") }
    self.width = width
    self.height = height
    pixels = Array(data[position...])
  }

  /// Megapixels a second, the median of `runs`.
  func measure(method: String, runs: Int) throws -> Double {
    let pair = StainNormalization()
    let options = try PairOptions(["method": method], declared: pair.description.options)
    // As a part of a slide, for which tables are worth their making.
    let image = ImageDescription(width: 16384, height: 16384, channels: 3, format: .uint8)
    let calibration = try pair.calibrate(
      Overview(image: image, reduction: 1, pixels: tile()), options: options, reference: nil)
    guard case .translate(let translator) = calibration.outcome else {
      throw RunFailure(description: "the pair declines the sample pixels")
    }
    let input = tile()
    var output = Tile(region: input.region, channels: 3, format: .uint8)
    var seconds: [Double] = []
    for _ in 0...runs {
      let start = ContinuousClock.now
      try translator.translate(input, into: &output)
      seconds.append((ContinuousClock.now - start) / .seconds(1))
    }
    return Double(width * height) / median(Array(seconds.dropFirst())) / 1e6
  }

  private func tile() -> Tile {
    var tile = Tile(
      region: PixelRegion(x: 0, y: 0, width: width, height: height), channels: 3, format: .uint8)
    for row in 0..<height {
      tile.withMutableRow(row, columns: 0..<width, as: UInt8.self) { samples in
        for index in 0..<samples.count { samples[index] = pixels[row * width * 3 + index] }
      }
    }
    return tile
  }
}
