/// Writes a graph down operation by operation, as a forward pass reads.
///
/// A value is known by its name. Parameters keep the names that they have in a checkpoint.
public struct GraphBuilder {
  /// Name of a value.
  public typealias Value = String

  private var graph: Graph
  private var used: [String: Int] = [:]

  /// Starts an empty graph.
  public init(name: String) {
    graph = Graph(name: name, inputs: [], outputs: [], nodes: [], constants: [:])
  }

  /// The parameter called `name`, if there is one so far.
  public func parameter(_ name: String) -> Constant? { graph.constants[name] }

  /// Declares an input; nil is an axis of any size.
  public mutating func input(_ name: String, shape: [Int?]) -> Value {
    graph.inputs.append(GraphInput(name, shape: shape))
    return name
  }

  /// Adds a known value under exactly this name.
  @discardableResult
  public mutating func constant(_ name: String, _ constant: Constant) -> Value {
    precondition(
      graph.constants[name].map { $0 == constant } ?? true, "two constants are called \(name)")
    graph.constants[name] = constant
    return name
  }

  /// Adds a known value that needs no name.
  public mutating func constant(_ constant: Constant) -> Value {
    self.constant(unique("constant"), constant)
  }

  /// Adds an operation and returns what it makes, named after `name` or the operator.
  @discardableResult
  public mutating func node(
    _ op: String, _ inputs: [Value], _ attributes: [String: Attribute] = [:], name: String? = nil
  ) -> Value {
    let output = unique(name ?? op.lowercased())
    graph.nodes.append(
      Node(op, name: name ?? "", inputs: inputs, outputs: [output], attributes: attributes))
    return output
  }

  /// The graph with these outputs; mutating, so that what makes the outputs runs first.
  public mutating func finish(_ outputs: [Value]) -> Graph {
    var result = graph
    result.outputs = outputs
    return result
  }

  private mutating func unique(_ stem: String) -> Value {
    let number = used[stem, default: 0]
    used[stem] = number + 1
    let name = number == 0 ? stem : "\(stem)_\(number)"
    // A parameter or an input may have the name already.
    let isTaken = graph.constants[name] != nil || graph.inputs.contains { $0.name == name }
    return isTaken ? unique(stem) : name
  }
}
