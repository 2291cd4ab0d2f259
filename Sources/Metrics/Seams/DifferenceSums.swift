import Foundation
import TesseraPlugin

/// Collects the differences of two images.
struct DifferenceSums: Sendable {
  private let format: SampleFormat
  /// How often each difference occurs: for integers the difference itself; for floats the upper
  /// bits of its pattern, in which they have the order of the numbers.
  private var histogram: [Int]
  private var squares = 0.0
  private var maximum = 0.0
  private var differing = 0
  private var nonFinite = 0

  /// 11 bits of mantissa stay.
  private static let droppedBits: UInt32 = 12

  init(_ format: SampleFormat) {
    self.format = format
    let count =
      switch format {
      case .uint8: 256
      case .uint16: 65536
      case .float32: Int(Float.infinity.bitPattern >> DifferenceSums.droppedBits) + 1
      }
    histogram = [Int](repeating: 0, count: count)
  }

  /// Takes two strips of the same region and format.
  mutating func add(_ first: borrowing Tile, _ second: borrowing Tile) {
    precondition(
      first.region == second.region && first.format == format && second.format == format,
      "strips \(first.region) and \(second.region)")
    for row in first.region.rows where !isSame(row, first, second) {
      switch format {
      case .uint8: add(row, first, second, as: UInt8.self) { Int($0) }
      case .uint16: add(row, first, second, as: UInt16.self) { Int($0) }
      case .float32: addFloats(row, first, second)
      }
    }
  }

  /// Whether the bytes of a row are the same, which is then done with.
  private mutating func isSame(
    _ row: Int, _ first: borrowing Tile, _ second: borrowing Tile
  ) -> Bool {
    let count = first.region.width * first.channels
    let index = row - first.region.y
    let (firstStride, secondStride) = (first.bytesPerRow, second.bytesPerRow)
    let isSame = first.withUnsafeBytes { one in
      second.withUnsafeBytes { other in
        memcmp(one + index * firstStride, other + index * secondStride, count * format.bytes) == 0
      }
    }
    if isSame { histogram[0] += count }
    return isSame
  }

  private mutating func add<S: Sample>(
    _ row: Int, _ first: borrowing Tile, _ second: borrowing Tile, as: S.Type,
    _ value: (S) -> Int
  ) {
    let columns = first.region.columns
    var counts = histogram.mutableSpan
    first.withRow(row, columns: columns, as: S.self) { one in
      second.withRow(row, columns: columns, as: S.self) { other in
        for index in 0..<one.count { counts[abs(value(one[index]) - value(other[index]))] += 1 }
      }
    }
  }

  private mutating func addFloats(_ row: Int, _ first: borrowing Tile, _ second: borrowing Tile) {
    let columns = first.region.columns
    first.withRow(row, columns: columns, as: Float.self) { one in
      second.withRow(row, columns: columns, as: Float.self) { other in
        for index in 0..<one.count { add(one[index], other[index]) }
      }
    }
  }

  private mutating func add(_ one: Float, _ other: Float) {
    // Two values that are no numbers are the same value.
    if one == other || (one.isNaN && other.isNaN) {
      histogram[0] += 1
      return
    }
    differing += 1
    let difference = abs(Double(one) - Double(other))
    guard difference.isFinite else {
      nonFinite += 1
      return
    }
    squares += difference * difference
    maximum = max(maximum, difference)
    let bits = Float(difference).bitPattern
    histogram[Int(bits >> DifferenceSums.droppedBits)] += 1
  }

  /// What the differences amount to.
  var figures: GridShift {
    let counted = histogram.reduce(0, +)
    let isFloat = format == .float32
    var squares = squares
    if !isFloat {
      for (difference, count) in histogram.enumerated() {
        squares += Double(difference) * Double(difference) * Double(count)
      }
    }
    let largest =
      isFloat ? maximum : Double(histogram.lastIndex { $0 > 0 } ?? 0)
    let levels = 255 / Double(format.white)
    return GridShift(
      rms: counted > 0 ? (squares / Double(counted)).squareRoot() * levels : 0,
      maximum: largest * levels, percentile999: min(largest, percentile(counted)) * levels,
      differingSamples: isFloat ? differing : counted - histogram[0],
      samples: counted + nonFinite, nonFiniteDifferences: nonFinite)
  }

  /// The least difference that 99.9 % of the samples do not exceed.
  private func percentile(_ counted: Int) -> Double {
    // The ceiling of 0.999 times the count.
    let rank = counted - counted / 1000
    var seen = 0
    for (index, count) in histogram.enumerated() {
      seen += count
      guard seen >= rank else { continue }
      guard format == .float32, index > 0 else { return Double(index) }
      // The middle of what the bin holds.
      let pattern = UInt32(index) << DifferenceSums.droppedBits
      return Double(Float(bitPattern: pattern | 1 << (DifferenceSums.droppedBits - 1)))
    }
    return 0
  }
}
