/// A network as a graph of ONNX operations, in the order in which they run.
///
/// A graph in memory speaks opset 17, whatever the file spoke: older forms and operators are
/// rewritten when it is read.
public struct Graph: Sendable, Hashable {
  /// The opset of every graph in memory, and of the files written from it.
  public static let opset = 17

  /// Name for messages.
  public var name: String
  /// What flows in.
  public var inputs: [GraphInput]
  /// Names of the values that flow out.
  public var outputs: [String]
  /// Operations; each reads only what those above it, inputs and constants give.
  public var nodes: [Node]
  /// Weights and other known values by name.
  public var constants: [String: Constant]

  /// Makes a graph.
  public init(
    name: String, inputs: [GraphInput], outputs: [String], nodes: [Node],
    constants: [String: Constant]
  ) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.nodes = nodes
    self.constants = constants
  }

  /// Place of the node that makes each value.
  public var producers: [String: Int] {
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = index }
    }
    return producers
  }

  /// Places of the nodes that read each value.
  public var consumers: [String: [Int]] {
    var consumers: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for input in Set(node.inputs) where !input.isEmpty {
        consumers[input, default: []].append(index)
      }
    }
    return consumers
  }

  /// Elements of all constants together.
  public var parameterCount: Int { constants.values.reduce(0) { $0 + $1.count } }

  /// Drops nodes and constants that no output depends on.
  public mutating func removeUnused() {
    var needed = Set(outputs)
    var kept: [Node] = []
    for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
      needed.formUnion(node.inputs)
      kept.append(node)
    }
    nodes = kept.reversed()
    constants = constants.filter { needed.contains($0.key) }
  }
}

extension Graph: CustomStringConvertible {
  /// Name and size.
  public var description: String {
    "\(name): \(nodes.count) operations, \(parameterCount) parameters"
  }
}
