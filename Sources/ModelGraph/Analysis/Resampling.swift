/// Which places a resize computes a place from.
struct Resampling {
  private enum Mode {
    case floor, ceil, roundDown, roundUp, linear, cubic
  }

  /// Places of the result a place of the picture.
  private let scale: Ratio
  private let isAsymmetric: Bool
  private let mode: Mode

  init(_ node: Node, scale: Ratio, _ analysis: SpatialAnalysis) throws(ModelError) {
    self.scale = scale
    isAsymmetric = node.text("coordinate_transformation_mode") == "asymmetric"
    switch (node.text("mode") ?? "nearest", node.text("nearest_mode") ?? "round_prefer_floor") {
    case ("nearest", "floor"): mode = .floor
    case ("nearest", "ceil"): mode = .ceil
    case ("nearest", "round_prefer_floor"): mode = .roundDown
    case ("nearest", "round_prefer_ceil"): mode = .roundUp
    case ("linear", _): mode = .linear
    case ("cubic", _): mode = .cubic
    default: throw analysis.fault(node, "is resized in a way that is not known here")
    }
    if mode == .linear || mode == .cubic, node.integer("antialias") ?? 0 != 0, scale.value < 1 {
      throw analysis.fault(node, "is smoothed before it is resized")
    }
  }

  /// The places that a range of places is computed from.
  func source(of range: ClosedRange<Int>) -> ClosedRange<Int> {
    guard scale != .one else { return range }
    // What is exact at one place may not be at the next: after so many all have been seen.
    let count = min(range.count, scale.numerator)
    var result = source(of: range.lowerBound)
    for step in 0..<count {
      for place in [range.lowerBound + step, range.upperBound - step] {
        let source = source(of: place)
        result =
          min(result.lowerBound, source.lowerBound)...max(result.upperBound, source.upperBound)
      }
    }
    return result
  }

  private func source(of place: Int) -> ClosedRange<Int> {
    let (n, d) = (scale.numerator, scale.denominator)
    // The coordinate as a fraction of 2 n, so that halves stay exact.
    let divisor = 2 * n
    let coordinate = isAsymmetric ? 2 * place * d : (2 * place + 1) * d - n
    let floor = coordinate.flooredQuotient(divisor)
    let ceil = coordinate.ceiledQuotient(divisor)
    switch mode {
    case .floor: return floor...floor
    case .ceil: return ceil...ceil
    case .roundDown, .roundUp:
      let down = (2 * coordinate - divisor).ceiledQuotient(2 * divisor)
      let up = (2 * coordinate + divisor).flooredQuotient(2 * divisor)
      // A half is exact in floating point where the factor is a power of two.
      guard n & (n - 1) == 0 else { return min(down, up)...max(down, up) }
      return mode == .roundDown ? down...down : up...up
    case .linear: return floor...ceil
    case .cubic: return floor == ceil ? floor...floor : (floor - 1)...(floor + 2)
    }
  }
}
