import Base
import Foundation
import ModelGraph

/// L1 between features that a network trained for something else has of two pictures (Johnson et
/// al., as SPADE and Pix2PixHD weigh them).
///
/// The features are the first activation at each of the network's sizes, which is relu1_1 to relu5_1
/// in VGG-19. Pictures enter as they are, in -1...1, as in the official code.
final class PerceptualLoss {
  /// The option of a method that has this loss.
  static func option<Configuration>(
    _ path: any WritableKeyPath<Configuration, String?> & Sendable
  ) -> MethodOption<Configuration> {
    MethodOption(
      "perceptual", path, nil, "Compare features that this network has of results and targets",
      unset: "none", placeholder: "model.onnx")
  }

  private let interpreter: GraphInterpreter
  private let input: String
  private let layers: [String]

  /// Weights of the last five sizes, the largest pictures first.
  private static let weights = [1.0 / 32, 1.0 / 16, 1.0 / 8, 1.0 / 4, 1]

  /// Reads the backbone from an ONNX file.
  init(_ path: String, device: TrainingDevice) throws(TesseraError) {
    let action = "opening the perceptual backbone"
    guard let data = try? Data(contentsOf: URL(filePath: path)) else {
      throw TesseraError(path, action, "it cannot be read; give an ONNX file")
    }
    var graph: Graph
    do throws(ModelError) {
      graph = try Graph(onnx: data, directory: URL(filePath: path).deletingLastPathComponent())
    } catch {
      throw TesseraError(path, action, error.description)
    }
    guard let input = graph.inputs.first(where: { graph.constants[$0.name] == nil })?.name else {
      throw TesseraError(path, action, "it has no input")
    }
    // Classifiers end in layers that look at the whole picture: features come before.
    let activations = graph.nodes.prefix {
      !["GlobalAveragePool", "Flatten", "Reshape"].contains($0.op)
    }
    .filter { ["Relu", "LeakyRelu", "Elu", "Clip", "Sigmoid", "Tanh"].contains($0.op) }
    .map { $0.outputs[0] }
    graph.outputs = activations
    graph.removeUnused()
    interpreter = try GraphInterpreter(graph, device: device)
    self.input = input
    let probe = Tensor(filled: 0, shape: [1, 3, 128, 128], device: device)
    let interpreter = interpreter
    let features = try Torch.withoutGradients { () throws(TesseraError) in
      try interpreter.run([input: probe], wanted: activations, mode: .evaluation) { _ in nil }
    }
    try Torch.check()
    var layers: [String] = []
    var heights: Set<Int> = []
    for (name, feature) in zip(activations, features) where feature.shape.count == 4 {
      if heights.insert(feature.shape[2]).inserted { layers.append(name) }
    }
    guard !layers.isEmpty else {
      throw TesseraError(path, action, "no activation of pictures was found in it")
    }
    self.layers = Array(layers.prefix(Self.weights.count))
  }

  /// How far `made` is from `real`; gradients do not pass `real`.
  func callAsFunction(_ made: Tensor, _ real: Tensor) throws(TesseraError) -> Tensor {
    let fromMade = try features(made)
    let fromReal = try Torch.withoutGradients { () throws(TesseraError) in try features(real) }
    var sum: Tensor?
    for (place, weight) in Self.weights.suffix(layers.count).enumerated() {
      let term = weight * FeatureLosses.l1(fromMade[place], fromReal[place])
      sum = sum.map { $0 + term } ?? term
    }
    return sum ?? made.mean()
  }

  private func features(_ pictures: Tensor) throws(TesseraError) -> [Tensor] {
    try interpreter.run([input: colors(pictures)], wanted: layers, mode: .evaluation) { _ in nil }
  }

  /// Gray pictures three times; of more channels the first three.
  private func colors(_ pictures: Tensor) -> Tensor {
    switch pictures.shape[1] {
    case 3: pictures
    case 1, 2:
      Tensor.concatenated(
        (0..<3).map { _ in pictures.sliced(axis: 1, from: 0, to: 1) }, axis: 1)
    default: pictures.sliced(axis: 1, from: 0, to: 3)
    }
  }
}
