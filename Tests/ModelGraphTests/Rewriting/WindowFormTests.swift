import ModelGraph
import TestSupport
import Testing

/// In the runtime's own form most of these give other bits at some of the widths, on AVX2.
@Suite(.enabled(if: GraphRunner.isPresent, "OpenVINO is missing: run make setup"))
struct WindowFormTests {
  static let widths = cases(
    [96, 126, 200, 344, 366], slow: [120, 176, 288, 320, 350, 368, 376, 432, 440])

  /// A convolution with something behind it.
  private func graph(
    _ shape: [Int], pads: [Int], stride: Int = 1, op: String = "Conv", activation: String? = nil,
    _ attributes: [String: Attribute] = [:]
  ) -> Graph {
    var net = GraphBuilder(name: "windows")
    let inputs = op == "Conv" ? shape[1] : shape[0]
    let x = net.input("input", shape: [1, inputs, nil, nil])
    let weight = net.constant(Constant(Tensor(shape, seed: 3).values, shape: shape))
    var y = net.node(
      op, [x, weight],
      ["pads": .integers(pads), "strides": .integers([stride, stride])].merging(attributes) { $1 })
    if let activation { y = self.activation(activation, y, &net) }
    return net.finish([y])
  }

  /// An activation by its name, or a product as files spell it out.
  private func activation(_ name: String, _ x: String, _ net: inout GraphBuilder) -> String {
    switch name {
    case "swish": return net.node("Mul", [x, net.node("Sigmoid", [x])])
    case "mish": return net.node("Mul", [x, net.node("Tanh", [net.node("Softplus", [x])])])
    case "gelu":
      let (root, one) = (net.constant(Constant([0.707_106_77])), net.constant(Constant([1])))
      let error = net.node("Erf", [net.node("Mul", [x, root])])
      let half = net.node("Mul", [x, net.constant(Constant([0.5]))])
      return net.node("Mul", [half, net.node("Add", [error, one])])
    default: return net.node(name, [x])
    }
  }

  /// Compares windows at the left border with the left of a picture of 480 px.
  private func compare(_ graph: Graph) throws {
    let form = graph.windowForm()
    let picture = Tensor([1, graph.inputs[0].shape[1] ?? 1, 40, 480], seed: 4)
    let whole = try GraphRunner.run(form, [picture])[0]
    let theirs = try GraphRunner.run(graph, [picture])[0]
    #expect(whole.shape == theirs.shape)
    #expect(whole.relativeDifference(theirs) < 1e-5)
    for width in Self.widths {
      let window = picture.crop(rows: 0..<40, columns: 0..<width)
      let result = try GraphRunner.run(form, [window])[0]
      // Twelve px of the input are more than any reach.
      let kept = (width - 12) * whole.shape[3] / 480
      let difference = result.crop(rows: 0..<whole.shape[2], columns: 0..<kept)
        .relativeDifference(whole.crop(rows: 0..<whole.shape[2], columns: 0..<kept))
      #expect(difference == 0, "width \(width)")
    }
  }

  @Test(arguments: ["Tanh", "Sigmoid", "Elu", "Softplus", "swish", "mish", "gelu"])
  func `activations behind a convolution have the same bits at any width`(name: String) throws {
    try compare(graph([3, 16, 9, 9], pads: [4, 4, 4, 4], activation: name))
  }

  @Test(arguments: [
    ([8, 32, 3, 3], [2, 2, 2, 2], 1), ([8, 32, 4, 4], [2, 2, 2, 2], 1),
    ([16, 32, 2, 2], [0, 1, 0, 1], 1), ([3, 16, 7, 7], [4, 4, 4, 4], 1),
    ([64, 64, 4, 4], [2, 2, 2, 2], 2),
  ])
  func `convolutions padded beyond their reach have the same bits at any width`(
    shape: [Int], pads: [Int], stride: Int
  ) throws {
    try compare(graph(shape, pads: pads, stride: stride))
  }

  @Test(
    arguments: cases(
      [([16, 8, 3, 3], [1, 1, 1, 1], 1, 1), ([16, 1, 4, 4], [1, 1, 1, 1], 0, 16)],
      slow: [([16, 8, 3, 3], [0, 0, 0, 0], 1, 1), ([64, 32, 4, 4], [1, 1, 1, 1], 0, 1)]))
  func `transposed convolutions have the same bits at any width`(
    shape: [Int], pads: [Int], more: Int, groups: Int
  ) throws {
    try compare(
      graph(
        shape, pads: pads, stride: 2, op: "ConvTranspose",
        ["output_padding": .integers([more, more]), "group": .integer(groups)]))
  }
}
