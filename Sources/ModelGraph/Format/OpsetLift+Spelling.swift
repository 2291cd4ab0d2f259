/// Operators that opset 17 lacks or understands otherwise, spelt out.
extension OpsetLift {
  /// Before opset 13 the axes from `axis` on were one.
  mutating func addFlatSoftmax(_ node: Node) {
    var plain = node
    let axis = node.integer("axis") ?? 1
    if axis == -1 || axis == 3 {
      plain.attributes["axis"] = .integer(axis)
      return append(plain)
    }
    let (size, flat, result) = (value(), value(), value())
    plain.inputs = [flat]
    plain.outputs = [result]
    plain.attributes["axis"] = .integer(1)
    append(Node("Shape", name: node.name, inputs: [node.inputs[0]], outputs: [size]))
    append(
      Node(
        "Flatten", name: node.name, inputs: [node.inputs[0]], outputs: [flat],
        attributes: ["axis": .integer(axis)]))
    append(plain)
    append(Node("Reshape", name: node.name, inputs: [result, size], outputs: node.outputs))
  }

  /// y = x (1 + erf(x / √2)) / 2, or its approximation by a hyperbolic tangent.
  mutating func addGelu(_ node: Node) {
    let x = node.inputs[0]
    let curve: String
    if node.text("approximate") == "tanh" {
      let cube = add("Mul", add("Mul", x, x, for: node), x, for: node)
      let sum = add("Add", x, add("Mul", cube, number(0.044715), for: node), for: node)
      curve = add("Tanh", add("Mul", sum, number(0.797_884_56), for: node), for: node)
    } else {
      curve = add("Erf", add("Mul", x, number(0.707_106_8), for: node), for: node)
    }
    let half = add("Mul", x, number(0.5), for: node)
    let factor = add("Add", curve, number(1), for: node)
    append(Node("Mul", name: node.name, inputs: [half, factor], outputs: node.outputs))
  }

  /// y = x tanh(log(1 + exp(x))).
  mutating func addMish(_ node: Node) {
    let curve = add("Tanh", add("Softplus", node.inputs[0], for: node), for: node)
    append(Node("Mul", name: node.name, inputs: [node.inputs[0], curve], outputs: node.outputs))
  }

  private mutating func number(_ value: Float) -> String { constant(Constant(scalar: value)) }

  private mutating func add(_ op: String, _ inputs: String..., for node: Node) -> String {
    let output = value()
    append(Node(op, name: node.name, inputs: inputs, outputs: [output]))
    return output
  }
}
