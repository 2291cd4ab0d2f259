import Foundation
import Inference
import ModelGraph
import Networks
import Translation

/// A CycleGAN generator with random weights, as a file, as a package and as a frozen network.
struct Generator {
  let network: ResNetGenerator
  let package: ModelPackage
  /// The package on disk, for the command.
  let path: String

  /// Builds the network and imports it, as a user would.
  init(blocks: Int, width: Int, work: String, engine: InferenceEngine) throws {
    var network = ResNetGenerator()
    network.blocks = blocks
    network.width = width
    self.network = network
    let file = "\(work)/resnet-\(blocks)-\(width).onnx"
    try network.graph(from: RandomParameters(for: network)).onnx().write(to: URL(filePath: file))
    let model = try ModelImport(file, options: ModelImport.Options(), engine: engine)
    path = "\(work)/resnet-\(blocks)-\(width)"
    try model.write(to: path, overwrite: true)
    package = model.package
  }

  /// The network with known or made-up statistics, norms folded away: what the engine runs on windows.
  func frozen(_ known: [String: Moments] = [:]) throws -> Graph {
    guard let analysis = package.analysis else {
      throw RunFailure(description: "the generator cannot be analysed")
    }
    let form = try FrozenForm(package.graph, analysis: analysis)
    var moments = known
    for statistic in form.statistics where known[statistic.output] == nil {
      let names = form.parameters(of: statistic)
      let channels = form.graph.inputs.first { $0.name == names[0] }?.shape[1] ?? 1
      moments[statistic.output] = Moments(
        count: 1, mean: [Double](repeating: 0, count: channels),
        squares: [Double](repeating: 1, count: channels),
        maximum: [Float](repeating: 3, count: channels))
    }
    return form.frozen(moments).windowForm()
  }

  /// Multiplications and additions of its convolutions a px of the picture: 99.1 G for 256² px with 9
  /// blocks of width 64.
  var operationsPerPixel: Double {
    let width = Double(network.width)
    let ends = 2 * 2 * 49 * 3 * width
    // Two halvings and two doublings, all of the same cost.
    let scalings = 4 * 2 * 9 * width * 2 * width / 4
    let blocks = Double(2 * network.blocks) * 2 * 9 * 16 * width * width / 16
    return ends + scalings + blocks
  }
}
