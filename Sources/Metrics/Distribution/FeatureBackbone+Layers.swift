import Base
import ModelGraph

extension FeatureBackbone {
  /// The values that LPIPS looks at, found by the channels of its heads.
  ///
  /// AlexNet's are its activations, VGG's the last activation before each pooling, SqueezeNet's the
  /// first activation and then what is joined by fire modules 3, 5, 6, 7, 8 and 9.
  func layers(channels: [Int]) throws(TesseraError) -> [String] {
    let candidates: [String]
    switch channels {
    case [64, 192, 384, 256, 256]:
      candidates = graph.nodes.filter { $0.op == "Relu" }.map { $0.outputs[0] }
    case [64, 128, 256, 512, 512]:
      candidates = lastBeforePooling
    case [64, 128, 256, 384, 384, 512, 512]:
      let joined = graph.nodes.filter { $0.op == "Concat" }.map { $0.outputs[0] }
      let first = graph.nodes.filter { $0.op == "Relu" }.prefix(1).map { $0.outputs[0] }
      candidates = first + [1, 3, 4, 5, 6, 7].filter { $0 < joined.count }.map { joined[$0] }
    default: candidates = []
    }
    guard candidates.count >= channels.count else {
      throw TesseraError(
        path, "finding the layers of LPIPS",
        "heads of \(channels) channels do not fit a network "
          + "with \(graph.nodes.count { $0.op == "Relu" }) activations; name the layers with "
          + "--lpips-layers")
    }
    return Array(candidates.prefix(channels.count))
  }

  /// The activations that a pooling takes, and the last one of the network's convolutions.
  private var lastBeforePooling: [String] {
    let activations = Set(graph.nodes.filter { $0.op == "Relu" }.flatMap(\.outputs))
    return graph.nodes.filter { $0.op == "MaxPool" }.map { $0.inputs[0] }
      .filter(activations.contains)
  }
}
