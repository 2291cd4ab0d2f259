import Foundation
import Testing

/// Numbers in row-major order.
struct Tensor: Equatable, Sendable {
  var shape: [Int]
  var values: [Float]

  init(_ shape: [Int], _ values: [Float]) {
    precondition(values.count == shape.reduce(1, *))
    (self.shape, self.values) = (shape, values)
  }

  /// The same number everywhere.
  init(_ shape: [Int], repeating value: Float) {
    self.init(shape, [Float](repeating: value, count: shape.reduce(1, *)))
  }

  /// Numbers within `range` that are the same in every run.
  init(_ shape: [Int], seed: UInt64, in range: ClosedRange<Float> = -1...1) {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
    let values = (0..<shape.reduce(1, *)).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let unit = Float(state >> 40) / Float(1 << 24)
      return range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }
    self.init(shape, values)
  }

  /// f32 in the order of this machine.
  init(_ shape: [Int], contentsOf path: String) throws {
    let data = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let values = data.withUnsafeBytes { bytes in
      (0..<(bytes.count / 4)).map {
        bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
      }
    }
    try #require(values.count == shape.reduce(1, *), "\(path)")
    self.init(shape, values)
  }

  /// Index of the first element of a row of a picture [1, C, H, W].
  func row(_ channel: Int, _ row: Int) -> Int { (channel * shape[2] + row) * shape[3] }

  /// Rows and columns of a picture, all channels.
  func crop(rows: Range<Int>, columns: Range<Int>) -> Tensor {
    var values: [Float] = []
    for channel in 0..<shape[1] {
      for row in rows {
        let start = self.row(channel, row)
        values += self.values[(start + columns.lowerBound)..<(start + columns.upperBound)]
      }
    }
    return Tensor([1, shape[1], rows.count, columns.count], values)
  }

  /// The largest difference as a fraction of the largest number of `other`.
  func relativeDifference(_ other: Tensor) -> Float {
    guard shape == other.shape else { return .infinity }
    let most = other.values.reduce(Float.leastNormalMagnitude) { max($0, abs($1)) }
    return zip(values, other.values).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1) / most
      return difference.isNaN ? .infinity : max(worst, difference)
    }
  }
}
