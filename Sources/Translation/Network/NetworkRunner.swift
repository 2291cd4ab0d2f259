import Inference
import ModelGraph
import Synchronization

/// A network compiled for windows of one size at a time, when the first of that size comes.
final class NetworkRunner: Sendable {
  private let graph: Graph
  private let engine: InferenceEngine
  private let options: InferenceOptions
  private let choice: StreamChoice
  private let models = Mutex<[[Int]: CompiledModel]>([:])

  /// `options` are those of all windows; how many of them run at once is chosen by `choice`.
  init(
    _ graph: Graph, engine: InferenceEngine, options: InferenceOptions, choice: StreamChoice
  ) {
    self.graph = graph
    self.engine = engine
    self.options = options
    self.choice = choice
  }

  /// The network for inputs of these shapes, in the order of its inputs, of an image that has
  /// `windows` of them.
  func model(_ shapes: [[Int]], windows: Int) throws -> CompiledModel {
    var options = options
    options.inputShapes = shapes
    options.streams = choice.streams(windows: windows, pixels: shapes[0][2] * shapes[0][3])
    let key = [options.streams] + shapes.flatMap(\.self)
    // One thread compiles, the others wait.
    return try models.withLock { models in
      if let model = models[key] { return model }
      let model = try engine.compile(onnx: try graph.onnx(), options: options)
      // Windows of one image have one size; an earlier image's is not needed again.
      if models.count >= 4 { models.removeAll() }
      models[key] = model
      return model
    }
  }
}
