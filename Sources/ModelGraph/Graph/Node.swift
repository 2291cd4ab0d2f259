/// One operation of a graph, with ONNX's names.
public struct Node: Sendable, Hashable {
  /// Operator, such as `Conv`.
  public var op: String
  /// Name for messages; may be empty.
  public var name: String
  /// Values it reads; an empty name is an optional input left out.
  public var inputs: [String]
  /// Values it makes.
  public var outputs: [String]
  /// Parameters by name.
  public var attributes: [String: Attribute]

  /// Makes a node.
  public init(
    _ op: String, name: String = "", inputs: [String], outputs: [String],
    attributes: [String: Attribute] = [:]
  ) {
    self.op = op
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }

  /// The node in a message: operator and the name of the node or of what it makes.
  public var title: String {
    "\(op.prefix(80)) \((name.isEmpty ? outputs.first ?? "" : name).prefix(160))"
  }

  /// The value in place `index`; nil where it was left out.
  public func input(_ index: Int) -> String? {
    inputs.indices.contains(index) && !inputs[index].isEmpty ? inputs[index] : nil
  }

  /// The integer attribute `name`.
  public func integer(_ name: String) -> Int? {
    if case .integer(let value) = attributes[name] { value } else { nil }
  }

  /// The list of integers `name`.
  public func integers(_ name: String) -> [Int]? {
    if case .integers(let values) = attributes[name] { values } else { nil }
  }

  /// The number `name`.
  public func float(_ name: String) -> Float? {
    if case .float(let value) = attributes[name] { value } else { nil }
  }

  /// The list of numbers `name`.
  public func floats(_ name: String) -> [Float]? {
    if case .floats(let values) = attributes[name] { values } else { nil }
  }

  /// The string `name`.
  public func text(_ name: String) -> String? {
    if case .text(let value) = attributes[name] { value } else { nil }
  }
}
