import Foundation
import TestSupport
import Testing
import TileIO

/// A tensor of f32 in row-major order.
struct Numbers {
  let shape: [Int]
  let values: [Float]

  init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }

  /// Reads a file of NumPy: little-endian f32, C order.
  init(npy path: String) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    let length = Int(data[8]) + Int(data[9]) << 8
    let header = String(decoding: data[10..<(10 + length)], as: UTF8.self)
    try #require(header.contains("'<f4'") && header.contains("'fortran_order': False"))
    let sizes = header.split(separator: "(")[1].prefix { $0 != ")" }
    shape = sizes.split(separator: ",").compactMap {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    values = [UInt8](data[(10 + length)...]).withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map {
        bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
      }
    }
    try #require(values.count == shape.reduce(1, *))
  }

  /// The samples of an 8-bit picture, 0...255, CHW.
  init(picture path: String) throws {
    let source = try ImageFile.open(path)
    let (channels, plane) = (source.info.channels, source.info.width * source.info.height)
    let bytes = try TestImages.read(source)
    shape = [channels, source.info.height, source.info.width]
    values = (0..<(channels * plane)).map { Float(bytes[$0 % plane * channels + $0 / plane]) }
  }

  /// One channel a class that is 1 where the only channel has its number.
  func oneHot(_ classes: Int) -> Numbers {
    var result = [Float](repeating: 0, count: classes * values.count)
    for (place, value) in values.enumerated() { result[Int(value) * values.count + place] = 1 }
    return Numbers(shape: [classes] + shape.dropFirst(), values: result)
  }

  /// The largest difference between corresponding numbers.
  func difference(_ other: Numbers) -> Float {
    guard values.count == other.values.count else { return .infinity }
    return zip(values, other.values).reduce(0) { most, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(most, difference)
    }
  }
}
