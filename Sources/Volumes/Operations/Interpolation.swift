internal import CITK

/// How a value between samples is found.
public enum Interpolation: String, Sendable, Hashable, CaseIterable {
  /// The nearest sample.
  case nearest
  /// Linear along each axis.
  case linear
  /// A cubic B-spline through all samples.
  case bSpline = "b-spline"

  var code: ci_interpolation {
    switch self {
    case .nearest: ci_nearest
    case .linear: ci_linear
    case .bSpline: ci_bspline
    }
  }
}
