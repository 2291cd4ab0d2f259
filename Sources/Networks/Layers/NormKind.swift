/// How features are normalized.
public enum NormKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Batch norm with scale and shift; runs with the statistics of training.
  case batch
  /// Instance norm without scale and shift.
  case instance
  /// Not at all.
  case none

  /// Words for a description.
  var title: String { self == .none ? "no norm" : "\(rawValue) norm" }
}
