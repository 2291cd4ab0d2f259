/// Sizes of all values of a graph for given sizes of its inputs.
///
/// Small values that are sizes themselves (`Shape`, `Gather`, `Concat`, …) are computed, so that
/// graphs which work their shapes out as they run have known ones here.
public struct ShapeInference: Sendable {
  /// Sizes by the name of the value.
  public private(set) var shapes: [String: [Int]]
  /// Elements of the values that are sizes, axes or factors.
  private(set) var known: [String: [Double]] = [:]

  static let action = "working out the sizes in the model"
  /// Values with more elements are pictures or weights, not sizes.
  private static let mostElements = 4096

  /// Follows the graph from `inputShapes`, one a graph input by name.
  public init(_ graph: Graph, inputShapes: [String: [Int]]) throws(ModelError) {
    shapes = inputShapes
    for (name, constant) in graph.constants {
      shapes[name] = constant.shape
      if constant.count <= Self.mostElements {
        known[name] = constant.integers?.map(Double.init) ?? constant.floats.map(Double.init)
      }
    }
    for input in graph.inputs where shapes[input.name] == nil {
      throw ModelError(Self.action, "no size is given for input \(input.name)")
    }
    for node in graph.nodes {
      let result = try shapes(of: node)
      guard result.count >= node.outputs.count(where: { !$0.isEmpty }) else {
        throw ModelError(Self.action, "\(node.title) has more outputs than it can make")
      }
      for (output, shape) in zip(node.outputs, result) where !output.isEmpty {
        guard shape.allSatisfy({ $0 >= 1 }), shape.reduce(1.0, { $0 * Double($1) }) < 1e13 else {
          throw ModelError(
            Self.action,
            "\(node.title) would make \(shape); the image is too small for this network")
        }
        shapes[output] = shape
      }
      evaluate(node)
    }
  }

  /// Sizes of the value in place `index`.
  func shape(_ node: Node, _ index: Int) throws(ModelError) -> [Int] {
    guard let name = node.input(index), let shape = shapes[name] else {
      throw ModelError(Self.action, "\(node.title) lacks its input \(index)")
    }
    return shape
  }

  /// Sizes of a picture, NCHW.
  func picture(_ node: Node) throws(ModelError) -> [Int] {
    let shape = try shape(node, 0)
    guard shape.count == 4 else {
      throw ModelError(
        Self.action, "\(node.title) gets \(shape.count) axes, pictures have four (NCHW)")
    }
    return shape
  }

  /// Integers of the value in place `index`, where they are known.
  func integers(_ node: Node, _ index: Int) -> [Int]? {
    guard let name = node.input(index), let values = known[name] else { return nil }
    let integers = values.compactMap { Int(exactly: $0.rounded()) }
    return integers.count == values.count ? integers : nil
  }

  /// Numbers of the value in place `index`, where they are known.
  func numbers(_ node: Node, _ index: Int) -> [Double]? {
    node.input(index).flatMap { known[$0] }
  }

  /// Refuses a node for its operands.
  func fault(_ node: Node, _ reason: String) -> ModelError {
    ModelError(Self.action, "\(node.title) \(reason)")
  }
}

extension ShapeInference {
  /// Computes what a node makes of known numbers.
  private mutating func evaluate(_ node: Node) {
    guard let output = node.outputs.first, let shape = shapes[output],
      shape.reduce(1, *) <= Self.mostElements
    else { return }
    switch node.op {
    case "Shape":
      known[output] = node.input(0).flatMap { shapes[$0] }?.map(Double.init)
      if let start = node.integer("start"), let all = known[output], start >= 0, start <= all.count
      {
        known[output] = Array(
          all[start..<min(all.count, max(start, node.integer("end") ?? all.count))])
      }
    case "Identity", "Squeeze", "Unsqueeze", "Reshape", "Flatten":
      known[output] = numbers(node, 0)
    case "Cast":
      let isInteger = (node.integer("to") ?? 1) != 1 && (node.integer("to") ?? 1) != 10
      known[output] = numbers(node, 0)?.map { isInteger ? $0.rounded(.towardZero) : $0 }
    case "Floor": known[output] = numbers(node, 0)?.map { $0.rounded(.down) }
    case "Ceil": known[output] = numbers(node, 0)?.map { $0.rounded(.up) }
    case "Round": known[output] = numbers(node, 0)?.map { $0.rounded(.toNearestOrEven) }
    case "Neg": known[output] = numbers(node, 0)?.map { -$0 }
    case "Concat":
      let parts = node.inputs.indices.map { numbers(node, $0) }
      if parts.allSatisfy({ $0 != nil }), shape.count == 1 {
        known[output] = parts.compactMap(\.self).flatMap(\.self)
      }
    case "Gather":
      if let data = numbers(node, 0), let indices = integers(node, 1),
        (node.input(0).flatMap { shapes[$0] } ?? []).count == 1
      {
        let wrapped = indices.map { $0 < 0 ? $0 + data.count : $0 }
        guard wrapped.allSatisfy(data.indices.contains) else { return }
        known[output] = wrapped.map { data[$0] }
      }
    case "Slice":
      if let data = numbers(node, 0), let starts = integers(node, 1), let ends = integers(node, 2),
        starts.count == 1, ends.count == 1, shape.count == 1,
        (integers(node, 4) ?? [1]) == [1]
      {
        let range = Self.range(starts[0], ends[0], data.count)
        known[output] = Array(data[range])
      }
    case "ConstantOfShape":
      if case .constant(let value) = node.attributes["value"] ?? .constant(Constant(scalar: 0)),
        let number = (value.integers?.first.map(Double.init) ?? value.floats.first.map(Double.init))
      {
        known[output] = [Double](repeating: number, count: shape.reduce(1, *))
      }
    case "Add", "Sub", "Mul", "Div", "Equal": evaluateArithmetic(node, output)
    case "Where":
      if let condition = numbers(node, 0), let first = numbers(node, 1),
        let second = numbers(node, 2), condition.count == first.count, first.count == second.count
      {
        known[output] = condition.indices.map { condition[$0] != 0 ? first[$0] : second[$0] }
      }
    default: break
    }
  }

  private mutating func evaluateArithmetic(_ node: Node, _ output: String) {
    guard let a = numbers(node, 0), let b = numbers(node, 1), !a.isEmpty, !b.isEmpty,
      a.count == b.count || a.count == 1 || b.count == 1
    else { return }
    known[output] = (0..<max(a.count, b.count)).map { index in
      let (x, y) = (a[a.count == 1 ? 0 : index], b[b.count == 1 ? 0 : index])
      switch node.op {
      case "Add": return x + y
      case "Sub": return x - y
      case "Mul": return x * y
      case "Equal": return x == y ? 1 : 0
      default:
        // Sizes are divided as integers are.
        let isWhole = x == x.rounded() && y == y.rounded() && y != 0
        return isWhole ? (x / y).rounded(.towardZero) : x / y
      }
    }
  }

  /// The part of `0..<count` that a slice with step 1 keeps.
  static func range(_ start: Int, _ end: Int, _ count: Int) -> Range<Int> {
    let first = min(max(start < 0 ? start &+ count : start, 0), count)
    let last = min(max(end < 0 ? end &+ count : end, 0), count)
    return first..<max(first, last)
  }
}
