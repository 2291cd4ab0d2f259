import Inference
import ModelGraph
import Synchronization
import TesseraPlugin

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
  /// `windows` of them; throws where it would make pictures of another shape than `output`.
  func model(_ shapes: [[Int]], output: [Int], windows: Int) throws -> CompiledModel {
    let model = try compiled(shapes, windows: windows)
    let found = model.outputs.first?.shape ?? []
    guard found == output else { throw Self.misfit(found, of: shapes[0], expected: output) }
    return model
  }

  /// Says that a network made something else of a window than was expected of it.
  static func misfit(_ found: [Int], of window: [Int], expected: [Int]) -> PairError {
    func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " x ") }
    return PairError(
      "the network gives \(text(found)) values for a window of \(text(window)), \(text(expected))"
        + " were expected: its result has no fixed scale, so it cannot be run in windows; export it"
        + " with padding that keeps the size")
  }

  private func compiled(_ shapes: [[Int]], windows: Int) throws -> CompiledModel {
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
