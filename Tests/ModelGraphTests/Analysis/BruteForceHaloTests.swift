import ModelGraph
import Networks
import TestSupport
import Testing

/// Halos against which pixels really change.
@Suite(.enabled(if: GraphRunner.isPresent, "OpenVINO is missing: run make setup"))
struct BruteForceHaloTests {
  private func compare(_ graph: Graph, side: Int) throws {
    let network = try AnalysedGraph(graph, side: side)
    let found = try BruteForceReach(network)
    #expect(network.footprint.haloBefore == found.before)
    #expect(network.footprint.haloAfter == found.after)
  }

  @Test(arguments: OperationCases.all)
  func `the halo of an operation is exactly what a pixel reaches`(
    operation: OperationCases.Case
  ) throws {
    try compare(operation.graph, side: operation.side)
  }

  @Test(
    arguments: cases(
      [
        "ResNet-6", "anti-aliased ResNet-2", "TransformerNet", "HD global", "HD local", "U-Net",
        "RRDBNet-2",
      ], slow: ["SPADE"]))
  func `the halo of a network is exactly what a pixel reaches`(name: String) throws {
    let graph =
      switch name {
      case "ResNet-6": try Generators.resnet(blocks: 6)
      case "anti-aliased ResNet-2": try Generators.resnet(blocks: 2, isAntialiased: true)
      case "TransformerNet": try Generators.transformerNet()
      case "HD global": try Generators.resnet(blocks: 2, downs: 3)
      case "HD local": try Generators.localEnhancer()
      case "U-Net": try Generators.uNet(downs: 4)
      case "SPADE": try Generators.spade(norm: .instance)
      default: Generators.rrdb(blocks: 2)
      }
    try compare(graph.positive(clearsSums: name != "SPADE"), side: 128)
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs the shared test data"),
    arguments: [
      "onnx_fast_neural_style/candy", "onnx_fast_neural_style/udnie",
      "onnx_espcn_x3/super_resolution",
    ])
  func `the halo of a network of others is exactly what a pixel reaches`(name: String) throws {
    let data = try FileContents.of("models/\(name).onnx")
    try compare(Graph(onnx: data).positive(), side: 224)
  }
}
