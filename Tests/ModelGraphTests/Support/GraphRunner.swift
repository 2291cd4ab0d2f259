import Foundation
import Inference
import ModelGraph
import Testing

/// OpenVINO for the tests that run graphs, in f32 on one thread.
struct GraphRunner {
  static let engine = try? InferenceEngine()
  static var isPresent: Bool { engine != nil }

  private let model: CompiledModel

  /// Compiles a graph for inputs of these shapes.
  init(_ graph: Graph, _ shapes: [[Int]]) throws { try self.init(onnx: graph.onnx(), shapes) }

  /// Compiles a file.
  init(onnx: Data, _ shapes: [[Int]]) throws {
    model = try #require(Self.engine).compile(
      onnx: onnx, options: .deterministic(inputShapes: shapes))
  }

  /// All outputs.
  func run(_ inputs: [Tensor]) throws -> [Tensor] {
    zip(model.outputs, try model.run(inputs.map(\.values))).map { Tensor($0.shape, $1) }
  }

  /// All outputs of a graph.
  static func run(_ graph: Graph, _ inputs: [Tensor]) throws -> [Tensor] {
    try GraphRunner(graph, inputs.map(\.shape)).run(inputs)
  }
}
