/// Walks a graph backwards: which rows (or columns) of the image an output row (or column) needs,
/// far from any border.
struct Reach {
  private let graph: Graph
  private let analysis: SpatialAnalysis
  /// 0 for rows, 1 for columns.
  private let direction: Int

  init(_ graph: Graph, analysis: SpatialAnalysis, direction: Int) {
    self.graph = graph
    self.analysis = analysis
    self.direction = direction
  }

  /// Indices of the image that the output pixel with this index depends on.
  func imageRange(of index: Int) throws(ModelError) -> ClosedRange<Int> {
    var needed: [String: ClosedRange<Int>] = [graph.outputs[0]: index...index]
    for node in graph.nodes.reversed() {
      var range: ClosedRange<Int>?
      for output in node.outputs { range = Self.union(range, needed[output]) }
      guard let range else { continue }
      let source = try self.source(node, range)
      for input in node.inputs where analysis.values[input] != nil {
        needed[input] = Self.union(needed[input], source)
      }
    }
    var result: ClosedRange<Int>?
    for input in graph.inputs where analysis.values[input.name] != nil {
      result = Self.union(result, needed[input.name])
    }
    guard let result else {
      throw ModelError(SpatialAnalysis.action, "the output does not depend on the image")
    }
    return result
  }

  private static func union(
    _ a: ClosedRange<Int>?, _ b: ClosedRange<Int>?
  ) -> ClosedRange<Int>? {
    guard let a else { return b }
    guard let b else { return a }
    return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
  }

  /// The input indices that a range of output indices is computed from.
  private func source(
    _ node: Node, _ range: ClosedRange<Int>
  ) throws(ModelError) -> ClosedRange<Int> {
    let (a, b) = (range.lowerBound, range.upperBound)
    switch node.op {
    case "Conv", "MaxPool", "AveragePool", "LpPool":
      let s = try analysis.shapes.sliding(node)[direction]
      return (a * s.stride - s.padBefore)...(b * s.stride - s.padBefore + s.extent - 1)
    case "ConvTranspose":
      let s = try analysis.shapes.sliding(node)[direction]
      // Output o gets from input i where o = i * stride - pad + tap.
      let first = Self.ceilingDivision(a + s.padBefore - (s.extent - 1), s.stride)
      let last = Self.floorDivision(b + s.padBefore, s.stride)
      return min(first, last)...max(first, last)
    case "Pad":
      let axis = try axis(node)
      let pad = analysis.shapes.integers(node, 1)?[axis] ?? 0
      return (a - pad)...(b - pad)
    case "Slice":
      let axis = try axis(node)
      let slice = analysis.shapes.slices(node)?.last { $0.axis == axis }
      let (start, step) = (slice?.start ?? 0, slice?.step ?? 1)
      return (start + a * step)...(start + b * step)
    case "DepthToSpace":
      let block = node.integer("blocksize") ?? 1
      return Self.floorDivision(a, block)...Self.floorDivision(b, block)
    case "SpaceToDepth":
      let block = node.integer("blocksize") ?? 1
      return (a * block)...(b * block + block - 1)
    case "Resize": return try resizeSource(node, a, b)
    default: return range
    }
  }

  private func axis(_ node: Node) throws(ModelError) -> Int {
    guard let value = node.input(0).flatMap({ analysis.values[$0] }) else {
      throw analysis.fault(node, "does not work on the picture")
    }
    return value.axes[direction]
  }

  private func resizeSource(
    _ node: Node, _ a: Int, _ b: Int
  ) throws(ModelError) -> ClosedRange<Int> {
    let scale = try analysis.resizeScale(node)
    guard scale != .one else { return a...b }
    let isAsymmetric = node.text("coordinate_transformation_mode") == "asymmetric"
    // Twice the coordinate as a fraction, so that halves stay exact.
    func coordinate(_ index: Int) -> (numerator: Int, denominator: Int) {
      let (n, d) = (scale.numerator, scale.denominator)
      return isAsymmetric ? (2 * index * d, 2 * n) : ((2 * index + 1) * d - n, 2 * n)
    }
    let (low, high) = (coordinate(a), coordinate(b))
    let first = Self.floorDivision(low.numerator, low.denominator)
    let last = Self.ceilingDivision(high.numerator, high.denominator)
    switch node.text("mode") ?? "nearest" {
    case "nearest":
      switch node.text("nearest_mode") ?? "round_prefer_floor" {
      case "floor": return first...Self.floorDivision(high.numerator, high.denominator)
      case "ceil":
        return Self.ceilingDivision(low.numerator, low.denominator)...last
      default:
        // Round: half up or down, both kept within.
        let lower = Self.floorDivision(
          2 * low.numerator + low.denominator - 1, 2 * low.denominator)
        let upper = Self.floorDivision(
          2 * high.numerator + high.denominator, 2 * high.denominator)
        return lower...max(lower, upper)
      }
    case "cubic": return (first - 1)...(Self.floorDivision(high.numerator, high.denominator) + 2)
    default:
      guard node.integer("antialias") != 1 else {
        throw analysis.fault(node, "is smoothed before it is resized")
      }
      return first...last
    }
  }

  static func floorDivision(_ a: Int, _ b: Int) -> Int {
    a >= 0 ? a / b : -((-a + b - 1) / b)
  }

  static func ceilingDivision(_ a: Int, _ b: Int) -> Int { -floorDivision(-a, b) }
}
