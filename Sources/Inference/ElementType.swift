/// Type of a tensor's elements.
public enum ElementType: String, Sendable, Hashable {
  case bool, bf16, f16, f32, f64, i4, i8, i16, i32, i64
  /// Anything else that OpenVINO knows.
  case other

  private static let ranked: [ElementType] = [
    .bool, .bf16, .f16, .f32, .f64, .i4, .i8, .i16, .i32, .i64,
  ]

  /// The type at a place in OpenVINO's list, counted from "boolean".
  init(rank: Int) {
    self = Self.ranked.indices.contains(rank) ? Self.ranked[rank] : .other
  }
}
