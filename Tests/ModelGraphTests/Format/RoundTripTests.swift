import ModelGraph
import Networks
import TestSupport
import Testing

/// What is written reads back.
struct RoundTripTests {
  @Test(arguments: [
    "ResNet", "anti-aliased ResNet", "batch ResNet", "TransformerNet", "U-Net", "SPADE",
    "HD local", "StainNet", "RRDBNet",
  ])
  func `a network that is written reads back as it was`(name: String) throws {
    let graph =
      switch name {
      case "ResNet": try Generators.resnet(blocks: 2)
      case "anti-aliased ResNet": try Generators.resnet(blocks: 2, isAntialiased: true)
      case "batch ResNet": try Generators.resnet(blocks: 2, norm: .batch)
      case "TransformerNet": try Generators.transformerNet()
      case "U-Net": try Generators.uNet(downs: 5)
      case "SPADE": try Generators.spade(norm: .batch)
      case "HD local": try Generators.localEnhancer()
      case "StainNet": try Generators.stainNet()
      default: Generators.rrdb(blocks: 1)
      }
    let written = try graph.onnx()
    let copy = try Graph(onnx: written)
    #expect(copy.inputs == graph.inputs)
    #expect(copy.outputs == graph.outputs)
    #expect(copy.nodes == graph.nodes)
    let isSame = copy.constants == graph.constants
    #expect(isSame)
    #expect(copy.name == graph.name)
    let again = try copy.onnx()
    #expect(again == written)
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs the shared test data"),
    arguments: [
      "onnx_fast_neural_style/candy", "onnx_espcn_x3/super_resolution", "onnx_backbones/mnist",
    ])
  func `a file of others reads the same once it is written`(name: String) throws {
    var graph = try Graph(onnx: FileContents.of("models/\(name).onnx"))
    var copy = try Graph(onnx: graph.onnx())
    // An operation that became two has its name only once in a file.
    for index in graph.nodes.indices { graph.nodes[index].name = "" }
    for index in copy.nodes.indices { copy.nodes[index].name = "" }
    let isSame = copy == graph
    #expect(isSame)
  }
}
