/// Type of a checkpoint's numbers.
public enum CheckpointElement: String, Sendable, Hashable, CaseIterable {
  case bool, u8, i8, u16, i16, u32, i32, u64, i64, f16, bf16, f32, f64

  /// Bytes of one number.
  public var byteCount: Int {
    switch self {
    case .bool, .u8, .i8: 1
    case .u16, .i16, .f16, .bf16: 2
    case .u32, .i32, .f32: 4
    case .u64, .i64, .f64: 8
    }
  }

  /// Bytes of a tensor of this shape; nil where a size is negative or they cannot be counted.
  func byteCount(of shape: [Int]) -> Int? {
    var total = byteCount
    for size in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else { return nil }
      total = product
    }
    return total
  }
}
