import Networks
import TestSupport
import Testing

@testable import ModelGraph

/// Windows in which no row is so short that a runtime computes it in another way.
struct MinimumWindowTests {
  /// Rows of the values that convolutions make, in the form that runs, for pictures of `side` px.
  private func rows(_ net: AnalysedGraph, side: Int) throws -> [Int] {
    let form = net.graph.windowForm()
    let input = net.graph.inputs[0]
    let shapes = try ShapeInference(
      form, inputShapes: [input.name: [1, net.channels, side, side]]
    ).shapes
    return form.nodes.compactMap { node in
      guard node.op == "Conv", let weight = node.input(1).flatMap({ shapes[$0] }),
        weight[2] * weight[3] > 1, let pads = node.integers("pads")
      else { return nil }
      let isBare = pads[1] == 0 && pads[3] == 0 && weight[1] > 32 && weight[1].isMultiple(of: 32)
      let isNarrow = weight[1] < 16 && weight[2] > 1
      return isBare || isNarrow ? shapes[node.outputs[0]]?[3] : nil
    }
  }

  private func weight(seed: UInt64) -> Constant {
    Constant(Tensor([64, 64, 3, 3], seed: seed).values, shape: [64, 64, 3, 3])
  }

  private func check(_ graph: Graph, side: Int = 256) throws -> Int {
    let net = try AnalysedGraph(graph, side: side)
    let alignment = net.footprint.alignment
    let least = net.graph.minimumWindow(net.analysis)
    let aligned = (least + alignment - 1) / alignment * alignment
    #expect(try rows(net, side: aligned).allSatisfy { $0 > 50 })
    if aligned > alignment {
      // A transposed convolution runs as one whose rows may be a px longer than those it reads.
      #expect(try (rows(net, side: aligned - alignment).min() ?? 0) <= 51)
    }
    return aligned
  }

  @Test func `a generator with reflected padding needs 51 px at a quarter of the size`() throws {
    var network = ResNetGenerator()
    network.width = 16
    network.blocks = 2
    #expect(try check(network.madeUp()) == 204)
  }

  @Test func `valid convolutions need as many more px as they take away`() throws {
    var net = GraphBuilder(name: "valid")
    var x = net.input("input", shape: [1, 64, nil, nil])
    for seed: UInt64 in 1...5 {
      x = net.convolution(x, weight: net.constant(weight(seed: seed)))
    }
    #expect(try check(net.finish([x])) == 61)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `a network of valid convolutions of others needs more than its residual blocks take`()
    throws
  {
    let name = "models/onnx_fast_neural_style/candy.onnx"
    #expect(try check(Graph(onnx: FileContents.of(name))) == 204)
  }

  @Test func `a network of single pixels needs nothing`() throws {
    #expect(try check(Generators.stainNet(), side: 64) == 1)
  }

  @Test func `a U-Net needs what its first convolution of few channels does`() throws {
    var network = UNetGenerator()
    network.width = 16
    network.downs = 5
    #expect(try check(network.madeUp()) == 128)
  }

  @Test func `transposed and widely padded convolutions keep a column of padding`() throws {
    var network = UNetGenerator()
    network.width = 64
    network.downs = 5
    var net = GraphBuilder(name: "wide")
    let x = net.input("input", shape: [1, 64, nil, nil])
    let y = net.node(
      "Conv", [x, net.constant(weight(seed: 2))],
      ["pads": .integers([2, 2, 2, 2]), "strides": .integers([1, 1])])
    for graph in [try network.madeUp(), net.finish([y])] {
      for node in graph.windowForm().nodes where node.op == "Conv" {
        let pads = try #require(node.integers("pads"))
        #expect(pads[1] + pads[3] > 0, "\(node.name)")
      }
    }
  }
}
