import Inference
import ModelGraph
import Synchronization

/// A network compiled for windows of one size at a time, when the first of that size comes.
final class NetworkRunner: Sendable {
  private let graph: Graph
  private let engine: InferenceEngine
  private let options: InferenceOptions
  private let models = Mutex<[[Int]: CompiledModel]>([:])

  init(_ graph: Graph, engine: InferenceEngine, options: InferenceOptions) {
    self.graph = graph
    self.engine = engine
    self.options = options
  }

  /// The network for inputs of these shapes, in the order of its inputs.
  func model(_ shapes: [[Int]]) throws -> CompiledModel {
    let key = shapes.flatMap(\.self)
    // One thread compiles, the others wait.
    return try models.withLock { models in
      if let model = models[key] { return model }
      var options = options
      options.inputShapes = shapes
      let model = try engine.compile(onnx: try graph.onnx(), options: options)
      // Windows of one image have one size; an earlier image's is not needed again.
      if models.count >= 4 { models.removeAll() }
      models[key] = model
      return model
    }
  }
}
