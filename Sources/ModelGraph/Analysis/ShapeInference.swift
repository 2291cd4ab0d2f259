/// Sizes of all values of a graph for given sizes of its inputs.
///
/// Small values that are sizes themselves (`Shape`, `Gather`, `Concat`, …) are computed, so that
/// graphs which work their shapes out as they run have known ones here.
public struct ShapeInference: Sendable {
  /// Sizes by the name of the value.
  public private(set) var shapes: [String: [Int]]
  /// Elements of the values that are sizes, axes or factors.
  private(set) var known: [String: KnownValue] = [:]

  static let action = "working out the sizes in the model"
  /// Values with more elements are pictures or weights, not sizes.
  static let maximumElements = 4096
  /// More axes than any network of images has.
  static let maximumAxes = 16

  /// Follows the graph from `inputShapes`, one a graph input by name.
  public init(_ graph: Graph, inputShapes: [String: [Int]]) throws(ModelError) {
    shapes = inputShapes
    for (name, constant) in graph.constants {
      shapes[name] = constant.shape
      known[name] = KnownValue(constant, maximum: Self.maximumElements)
    }
    for input in graph.inputs {
      guard let shape = shapes[input.name] else {
        throw ModelError(Self.action, "no size is given for input \(input.name)")
      }
      guard Self.isPossible(shape) else {
        throw ModelError(Self.action, "input \(input.name) cannot have the size \(shape)")
      }
    }
    for node in graph.nodes {
      let result = try shapes(of: node)
      guard result.count >= node.outputs.count(where: { !$0.isEmpty }) else {
        throw ModelError(Self.action, "\(node.title) has more outputs than it can make")
      }
      for (output, shape) in zip(node.outputs, result) where !output.isEmpty {
        guard Self.isPossible(shape) else {
          let isEmpty = shape.count <= Self.maximumAxes && shape.contains { $0 < 1 }
          throw ModelError(
            Self.action,
            isEmpty
              ? "\(node.title) would make \(shape); the image is too small for this network"
              : "\(node.title) would make a value of an impossible size")
        }
        shapes[output] = shape
      }
      if let output = node.outputs.first, let value = value(of: node) { known[output] = value }
    }
  }

  /// Whether a value can have this shape: nothing empty, nothing that overflows.
  private static func isPossible(_ shape: [Int]) -> Bool {
    shape.count <= maximumAxes && shape.allSatisfy { $0 >= 1 }
      && shape.reduce(1.0, { $0 * Double($1) }) < 1e13
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
    node.input(index).flatMap { known[$0]?.integers }
  }

  /// Numbers of the value in place `index`, where they are known.
  func numbers(_ node: Node, _ index: Int) -> [Double]? {
    node.input(index).flatMap { known[$0]?.elements }
  }

  /// Refuses a node for its operands.
  func fault(_ node: Node, _ reason: String) -> ModelError {
    ModelError(Self.action, "\(node.title) \(reason)")
  }
}
