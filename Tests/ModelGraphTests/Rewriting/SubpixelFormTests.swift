import Testing

@testable import ModelGraph

@Suite(.enabled(if: GraphRunner.isPresent, "OpenVINO is missing: run make setup"))
struct SubpixelFormTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var kernel, stride, before, after, more: Int
    var groups = 1
    var testDescription: String {
      "k\(kernel) s\(stride) p\(before),\(after) +\(more) in \(groups) groups"
    }
  }

  static let cases = [
    Case(kernel: 3, stride: 2, before: 1, after: 1, more: 1),
    Case(kernel: 4, stride: 2, before: 1, after: 1, more: 0),
    Case(kernel: 2, stride: 2, before: 0, after: 0, more: 0),
    Case(kernel: 3, stride: 2, before: 0, after: 0, more: 1),
    Case(kernel: 3, stride: 2, before: 0, after: 0, more: 0),
    Case(kernel: 5, stride: 2, before: 2, after: 1, more: 0),
    Case(kernel: 6, stride: 3, before: 1, after: 2, more: 0),
    Case(kernel: 7, stride: 3, before: 3, after: 3, more: 2),
    Case(kernel: 2, stride: 4, before: 0, after: 0, more: 2),
    Case(kernel: 9, stride: 4, before: 4, after: 4, more: 3),
    Case(kernel: 4, stride: 2, before: 1, after: 1, more: 0, groups: 3),
    Case(kernel: 3, stride: 2, before: 1, after: 1, more: 1, groups: 3),
  ]

  @Test(arguments: cases)
  func `a convolution and a shuffle give what a transposed convolution gives`(
    value: Case
  ) throws {
    var net = GraphBuilder(name: "transposed")
    let x = net.input("input", shape: [1, 3, nil, nil])
    let weight = Tensor([3, 5, value.kernel, value.kernel], seed: 7)
    let bias = Tensor([5 * value.groups], seed: 8)
    let names = [
      net.constant(Constant(weight.values, shape: weight.shape)),
      net.constant(Constant(bias.values)),
    ]
    let y = net.node(
      "ConvTranspose", [x] + names,
      [
        "strides": .integers([value.stride, value.stride]),
        "pads": .integers([value.before, value.before, value.after, value.after]),
        "output_padding": .integers([value.more, value.more]), "group": .integer(value.groups),
      ])
    let graph = net.finish([y])
    let form = graph.subpixelForm()
    #expect(!form.nodes.contains { $0.op == "ConvTranspose" })
    for size in [[11, 8], [4, 4], [1, 6]] {
      let input = Tensor([1, 3] + size, seed: 9)
      let (theirs, ours) = (
        try GraphRunner.run(graph, [input])[0], try GraphRunner.run(form, [input])[0]
      )
      #expect(ours.shape == theirs.shape)
      #expect(ours.relativeDifference(theirs) < 1e-6)
    }
  }

  @Test func `dilated ones stay as they are`() {
    var net = GraphBuilder(name: "other")
    let x = net.input("input", shape: [1, 4, nil, nil])
    let weight = net.constant(
      Constant(Tensor([4, 2, 3, 3], seed: 1).values, shape: [4, 2, 3, 3]))
    let y = net.node(
      "ConvTranspose", [x, weight],
      ["dilations": .integers([2, 2]), "strides": .integers([2, 2])])
    #expect(net.finish([y]).subpixelForm().nodes.map(\.op) == ["ConvTranspose"])
  }
}
