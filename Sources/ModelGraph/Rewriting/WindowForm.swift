extension Graph {
  /// The network in operations whose bits do not depend on the size of the window: runtimes choose
  /// among their kernels by size, and some of these differ in the last digit.
  ///
  /// Transposed convolutions take their subpixel form; a convolution padded beyond its reach gets a
  /// picture padded before; and no activation that is an approximation runs within a convolution.
  public func windowForm() -> Graph {
    var result = subpixelForm()
    result.nodes = result.nodes.flatMap { node in
      if node.op == "Conv" { return result.paddedBefore(node) ?? [node] }
      return Self.approximations.contains(node.op) ? result.apart(node) : [node]
    }
    return result
  }

  /// Activations of which each kernel has its own approximation; Erf is that of a GELU, which a
  /// runtime puts together again.
  private static let approximations: Set<String> = ["Elu", "Erf", "Sigmoid", "Softplus", "Tanh"]

  /// The activation on a value that two operands read, which no runtime fuses.
  private func apart(_ node: Node) -> [Node] {
    let value = "\(node.outputs[0]):apart"
    var activation = node
    activation.inputs[0] = value
    return [Self.twice(node.inputs[0], as: value, of: node), activation]
  }

  /// max(x, x).
  private static func twice(_ value: String, as output: String, of node: Node) -> Node {
    Node("Max", name: node.name, inputs: [value, value], outputs: [output])
  }

  /// A convolution with its padding as an operation of its own; nil where the rows of its output
  /// begin and end within its reach of the picture, or what is padded is not known.
  private mutating func paddedBefore(_ node: Node) -> [Node]? {
    guard let pads = node.integers("pads"), pads.count == 4,
      let weight = node.input(1).flatMap({ constants[$0] }), weight.shape.count == 4,
      pads[1] + pads[3] > (node.integers("dilations")?.last ?? 1) * (weight.shape[3] - 1)
    else { return nil }
    let names = ["pads", "padded", "apart"].map { "\(node.outputs[0]):\($0)" }
    // One column stays with the convolution: without any, its kernel depends on the size again.
    let kept = weight.shape[3] > 1 ? pads[3] > 0 ? [0, 1] : [1, 0] : [0, 0]
    constants[names[0]] = Constant(
      integers: [0, 0, pads[0], pads[1] - kept[0], 0, 0, pads[2], pads[3] - kept[1]])
    var convolution = node
    convolution.inputs[0] = names[2]
    convolution.attributes["pads"] = .integers([0, kept[0], 0, kept[1]])
    return [
      Node("Pad", name: node.name, inputs: [node.inputs[0], names[0]], outputs: [names[1]]),
      Self.twice(names[1], as: names[2], of: node), convolution,
    ]
  }
}
