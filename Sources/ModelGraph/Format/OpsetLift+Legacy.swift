/// Operators that were experiments of the first opsets and are no part of ONNX any more.
extension OpsetLift {
  /// y = scale x + bias of the channel.
  mutating func addImageScaler(_ node: Node) {
    let bias = node.floats("bias") ?? []
    let scale = constant(Constant(scalar: node.float("scale") ?? 1))
    let shift = constant(Constant(bias, shape: [1, bias.count, 1, 1]))
    addScaleAndShift(node, scale: scale, shift: shift)
  }

  /// y = alpha x + beta.
  mutating func addAffine(_ node: Node) {
    addScaleAndShift(
      node, scale: constant(Constant(scalar: node.float("alpha") ?? 1)),
      shift: constant(Constant(scalar: node.float("beta") ?? 0)))
  }

  /// y = alpha tanh(beta x).
  mutating func addScaledTanh(_ node: Node) {
    let (scaled, curve) = (value(), value())
    let beta = constant(Constant(scalar: node.float("beta") ?? 1))
    let alpha = constant(Constant(scalar: node.float("alpha") ?? 1))
    append(Node("Mul", name: node.name, inputs: [node.inputs[0], beta], outputs: [scaled]))
    append(Node("Tanh", name: node.name, inputs: [scaled], outputs: [curve]))
    append(Node("Mul", name: node.name, inputs: [curve, alpha], outputs: node.outputs))
  }

  /// Cuts borders off, given as left, top, right, bottom.
  mutating func addCrop(_ node: Node) throws(ModelError) {
    guard let border = node.integers("border"), border.count == 4,
      border.allSatisfy({ (0..<1 << 20).contains($0) })
    else { throw ModelError(Self.action, "\(node.title) does not say what it cuts off") }
    let (left, top, right, bottom) = (border[0], border[1], border[2], border[3])
    var ends = [-bottom, -right].map { $0 == 0 ? Int(Int32.max) : $0 }
    if let size = node.integers("scale"), size.count == 2 {
      guard size.allSatisfy({ (1..<1 << 20).contains($0) }) else {
        throw ModelError(Self.action, "\(node.title) does not say what it cuts off")
      }
      ends = [top + size[0], left + size[1]]
    }
    let inputs = [[top, left], ends, [2, 3]].map { constant(Constant(integers: $0)) }
    append(
      Node("Slice", name: node.name, inputs: [node.inputs[0]] + inputs, outputs: node.outputs))
  }

  private mutating func addScaleAndShift(_ node: Node, scale: String, shift: String) {
    let scaled = value()
    append(Node("Mul", name: node.name, inputs: [node.inputs[0], scale], outputs: [scaled]))
    append(Node("Add", name: node.name, inputs: [scaled, shift], outputs: node.outputs))
  }
}
