internal import CITK

/// How samples are stored in a file.
public enum SampleType: String, Sendable, Hashable, CaseIterable {
  case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64

  /// Whole numbers that it holds; nil for numbers with a fraction.
  public var range: ClosedRange<Double>? {
    switch self {
    case .uint8: 0...255
    case .int8: -128...127
    case .uint16: 0...65535
    case .int16: -32768...32767
    case .uint32: 0...4_294_967_295
    case .int32: -2_147_483_648...2_147_483_647
    case .uint64: 0...18_446_744_073_709_549_568
    case .int64: -9_223_372_036_854_775_808...9_223_372_036_854_774_784
    case .float32, .float64: nil
    }
  }

  /// Bytes of a sample.
  public var bytes: Int {
    switch self {
    case .uint8, .int8: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  private static let order: [SampleType] = [
    .uint8, .int8, .uint16, .int16, .uint32, .int32, .uint64, .int64, .float32, .float64,
  ]

  init(_ type: ci_type) {
    let place = Int(type.rawValue)
    self = Self.order.indices.contains(place) ? Self.order[place] : .float32
  }

  var code: ci_type { ci_type(UInt32(Self.order.firstIndex(of: self) ?? 0)) }
}
