/// Which rows (or columns) of its picture an operation computes a row (or column) from, far from any
/// border.
enum SourceWindow {
  /// The same place.
  case same
  /// A convolution or a pool.
  case sliding(ShapeInference.Sliding)
  /// A transposed convolution.
  case transposed(ShapeInference.Sliding)
  /// Every `step`-th place from `start` on.
  case every(step: Int, start: Int)
  /// Places of which each is spread over `block`.
  case spread(block: Int)
  /// Blocks gathered in a place.
  case gathered(block: Int)
  /// A resize.
  case resampled(Resampling)

  init(_ node: Node, analysis: SpatialAnalysis, direction: Int) throws(ModelError) {
    func axis() throws(ModelError) -> Int {
      guard let value = node.input(0).flatMap({ analysis.values[$0] }) else {
        throw analysis.fault(node, "does not work on the picture")
      }
      return value.axes[direction]
    }
    switch node.op {
    case "Conv", "MaxPool", "AveragePool", "LpPool":
      self = .sliding(try analysis.shapes.sliding(node)[direction])
    case "ConvTranspose": self = .transposed(try analysis.shapes.sliding(node)[direction])
    case "Pad":
      let axis = try axis()
      let pads = analysis.shapes.integers(node, 1) ?? []
      self = .every(step: 1, start: pads.indices.contains(axis) ? -pads[axis] : 0)
    case "Slice":
      let axis = try axis()
      let slice = analysis.shapes.slices(node)?.last { $0.axis == axis }
      self = .every(step: slice?.step ?? 1, start: slice?.start ?? 0)
    case "DepthToSpace": self = .spread(block: node.integer("blocksize") ?? 1)
    case "SpaceToDepth": self = .gathered(block: node.integer("blocksize") ?? 1)
    case "Resize":
      self = .resampled(try Resampling(node, scale: analysis.resizeScale(node), analysis))
    default: self = .same
    }
  }

  /// The places that a range of places is computed from; nil for none.
  func source(of range: ClosedRange<Int>) -> ClosedRange<Int>? {
    let (a, b) = (range.lowerBound, range.upperBound)
    switch self {
    case .same: return range
    case .sliding(let s):
      return (a * s.stride - s.padBefore)...(b * s.stride - s.padBefore + s.extent - 1)
    case .transposed(let s): return Self.transposed(s, a, b)
    case .every(let step, let start): return (start + a * step)...(start + b * step)
    case .spread(let block):
      return a.flooredQuotient(block)...b.flooredQuotient(block)
    case .gathered(let block): return (a * block)...(b * block + block - 1)
    case .resampled(let resampling): return resampling.source(of: range)
    }
  }

  /// Output o gets from input i where o = i stride - pad + tap dilation.
  private static func transposed(
    _ s: ShapeInference.Sliding, _ a: Int, _ b: Int
  ) -> ClosedRange<Int>? {
    let first = (a + s.padBefore - (s.extent - 1)).ceiledQuotient(s.stride)
    let last = (b + s.padBefore).flooredQuotient(s.stride)
    guard first <= last else { return nil }
    // Dilated taps may miss the places at the ends.
    guard s.dilation > 1, s.kernel <= 64 else { return first...last }
    func isUsed(_ place: Int) -> Bool {
      (0..<s.kernel).contains { tap in
        (a...b).contains(place * s.stride - s.padBefore + tap * s.dilation)
      }
    }
    guard let lower = (first...last).first(where: isUsed),
      let upper = (lower...last).last(where: isUsed)
    else { return nil }
    return lower...upper
  }
}

extension Int {
  /// The quotient rounded down; `divisor` is positive.
  func flooredQuotient(_ divisor: Int) -> Int {
    self >= 0 ? self / divisor : -((divisor - 1 - self) / divisor)
  }

  /// The quotient rounded up; `divisor` is positive.
  func ceiledQuotient(_ divisor: Int) -> Int { -(-self).flooredQuotient(divisor) }
}
