import TesseraPlugin

/// How two results for the same core differ.
struct SampleDifference: CustomStringConvertible {
  /// Samples of both.
  let count: Int
  /// Samples that differ.
  let differing: Int
  /// The largest difference: levels of integers, parts of full intensity of floats.
  let largest: Double
  /// Number of the first sample that differs.
  let first: Int
  private let format: SampleFormat

  /// Compares; nil where the bytes are the same.
  init?(_ a: [UInt8], _ b: [UInt8], _ format: SampleFormat) {
    guard a != b else { return nil }
    let bytes = format.bytes
    count = max(a.count, b.count) / bytes
    self.format = format
    var (differing, largest, first) = (0, 0.0, Int.max)
    for index in 0..<(min(a.count, b.count) / bytes) {
      let range = (index * bytes)..<((index + 1) * bytes)
      guard a[range] != b[range] else { continue }
      differing += 1
      first = min(first, index)
      let distance = abs(Self.value(a, index, format) - Self.value(b, index, format))
      largest = max(largest, distance.isNaN ? .infinity : distance)
    }
    differing += abs(a.count - b.count) / bytes
    self.differing = differing
    self.largest = largest
    self.first = first == Int.max ? 0 : first
  }

  /// The samples of a result as numbers.
  static func value(_ bytes: [UInt8], _ index: Int, _ format: SampleFormat) -> Double {
    bytes.withUnsafeBytes { raw in
      switch format {
      case .uint8: Double(raw[index])
      case .uint16: Double(raw.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
      case .float32: Double(raw.loadUnaligned(fromByteOffset: index * 4, as: Float.self))
      }
    }
  }

  /// In words.
  var description: String {
    let size =
      if largest == 0 { "" } else if format == .float32 {
        ", by up to \(Float(largest))"
      } else { ", by up to \(Int(largest)) level\(largest == 1 ? "" : "s")" }
    return "\(differing) of \(count) samples differ\(size)"
  }
}
