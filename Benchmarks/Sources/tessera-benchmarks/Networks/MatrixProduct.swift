import Inference
import ModelGraph

/// The machine's own rate: a product of two matrices by the same library, on the same threads.
struct MatrixProduct {
  private static let side = 2048
  private let model: CompiledModel

  init(precision: InferenceOptions.Precision, engine: InferenceEngine) throws {
    var net = GraphBuilder(name: "product")
    let a = net.input("a", shape: [Self.side, Self.side])
    let b = net.input("b", shape: [Self.side, Self.side])
    let graph = net.finish([net.node("MatMul", [a, b])])
    model = try engine.compile(
      onnx: try graph.onnx(), options: InferenceOptions(precision: precision))
    let values = RandomParameters.noise(Self.side * Self.side, seed: "matrix")
    try model.run { _, input in
      input.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: values) }
    } read: { _, _ in
    }
  }

  /// Operations a second, the best of `runs`: of the clock, and of one processor.
  func rate(runs: Int) throws -> (clock: Double, processor: Double) {
    let operations = 2 * Double(Self.side) * Double(Self.side) * Double(Self.side)
    var best = (clock: 0.0, processor: 0.0)
    for _ in 0..<runs {
      let effort = try Effort { try model.run(write: { _, _ in }, read: { _, _ in }) }
      best.clock = max(best.clock, operations / effort.seconds)
      best.processor = max(best.processor, operations / effort.processorSeconds)
    }
    return best
  }
}
