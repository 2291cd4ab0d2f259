public import Base
import Synchronization

/// A network ready to run on windows of fixed size; any number of threads may run it at once.
///
/// Unchecked because of the pointer: it is only read, which OpenVINO allows from any thread.
public final class CompiledModel: @unchecked Sendable {
  /// Inputs in the model's order.
  public let inputs: [TensorDescription]
  /// Outputs in the model's order.
  public let outputs: [TensorDescription]
  /// Arithmetic in use, never `auto`.
  public let precision: InferenceOptions.Precision

  private let engine: InferenceEngine
  private let model: OpaquePointer
  private let idle = Mutex<[InferRequest]>([])

  init(
    engine: InferenceEngine, model: OpaquePointer, inputs: [TensorDescription],
    outputs: [TensorDescription], precision: InferenceOptions.Precision
  ) {
    self.engine = engine
    self.model = model
    self.inputs = inputs
    self.outputs = outputs
    self.precision = precision
  }

  deinit {
    idle.withLock { $0.removeAll() }
    engine.runtime.call.compiled_model_free(model)
  }

  /// Runs the network in OpenVINO's own memory, without a copy.
  ///
  /// - Parameters:
  ///   - write: Fills the input of the given place; it still holds what an earlier run left there.
  ///   - read: Sees the output of the given place, until it returns.
  /// - Throws: What OpenVINO says, on one line.
  public func run(
    write: (_ input: Int, _ values: inout MutableSpan<Float>) -> Void,
    read: (_ output: Int, _ values: Span<Float>) -> Void
  ) throws(TesseraError) {
    let request = try takeRequest()
    for index in inputs.indices { try request.withInput(index) { write(index, &$0) } }
    try request.infer()
    for index in outputs.indices { try request.withOutput(index) { read(index, $0) } }
    // A request that failed is not used again.
    idle.withLock { $0.append(request) }
  }

  private func takeRequest() throws(TesseraError) -> InferRequest {
    if let request = idle.withLock({ $0.popLast() }) { return request }
    return try InferRequest(model, engine.runtime)
  }

  /// Runs the network on one array an input, and copies its outputs out.
  public func run(_ values: [[Float]]) throws(TesseraError) -> [[Float]] {
    guard values.count == inputs.count, zip(values, inputs).allSatisfy({ $0.count == $1.count })
    else {
      throw TesseraError(
        action: "running the model",
        "inputs of \(values.map(\.count)) values were given, it takes"
          + " \(inputs.map { "\($0.name) \($0.shape)" }.joined(separator: ", "))")
    }
    var results: [[Float]] = []
    try run { index, span in
      for place in span.indices { span[place] = values[index][place] }
    } read: { _, span in
      results.append(span.withUnsafeBufferPointer { Array($0) })
    }
    return results
  }
}
