import Inference
import ModelGraph
import Testing

/// OpenVINO for the tests that run networks.
enum NetworkEngine {
  static let shared = try? InferenceEngine()
  static var isPresent: Bool { shared != nil }

  /// All outputs of a graph, in f32.
  static func run(_ graph: Graph, _ inputs: [Numbers]) throws -> [Numbers] {
    let shapes = zip(graph.inputs, inputs).map { input, numbers in
      input.shape.count == numbers.shape.count ? numbers.shape : [1] + numbers.shape
    }
    let model = try #require(shared).compile(
      onnx: graph.onnx(), options: InferenceOptions(precision: .f32, inputShapes: shapes))
    let outputs = try model.run(inputs.map(\.values))
    return zip(model.outputs, outputs).map { Numbers(shape: $0.shape, values: $1) }
  }
}
