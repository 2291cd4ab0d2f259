import Base
internal import COpenVINO

/// One place to run a network, with its own input and output memory; used by one thread at a time.
///
/// Unchecked because of the pointer: `CompiledModel` takes it out of its pool while it is used.
final class InferRequest: @unchecked Sendable {
  private let request: OpaquePointer
  private let runtime: Runtime

  init(_ compiled: OpaquePointer, _ runtime: Runtime) throws(TesseraError) {
    var created: OpaquePointer?
    let action = "preparing to run the model"
    try runtime.check(
      runtime.call.compiled_model_create_infer_request(compiled, &created), action)
    guard let created else { throw TesseraError(action: action, "OpenVINO gave no request") }
    request = created
    self.runtime = runtime
  }

  deinit { runtime.call.infer_request_free(request) }

  /// Runs the network on what the inputs hold.
  func infer() throws(TesseraError) {
    try runtime.check(runtime.call.infer_request_infer(request), "running the model")
  }

  /// Lends the memory of an input.
  func withInput(
    _ index: Int, _ body: (inout MutableSpan<Float>) -> Void
  ) throws(TesseraError) {
    let lend = runtime.call.infer_request_get_input_tensor_by_index
    try withTensor(index, lend) { floats in
      var span = floats.mutableSpan
      body(&span)
    }
  }

  /// Lends the memory of an output.
  func withOutput(_ index: Int, _ body: (Span<Float>) -> Void) throws(TesseraError) {
    let lend = runtime.call.infer_request_get_output_tensor_by_index
    try withTensor(index, lend) { floats in body(floats.span) }
  }

  private func withTensor(
    _ index: Int,
    _ lend: (OpaquePointer, Int, UnsafeMutablePointer<OpaquePointer?>) -> copenvino_status,
    _ body: (UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(TesseraError) {
    let action = "reaching the model's tensors"
    let call = runtime.call
    var tensor: OpaquePointer?
    try runtime.check(lend(request, index, &tensor), action)
    guard let tensor else { throw TesseraError(action: action, "OpenVINO gave no tensor") }
    defer { call.tensor_free(tensor) }
    var count = 0
    var bytes: UnsafeMutableRawPointer?
    try runtime.check(call.tensor_get_size(tensor, &count), action)
    try runtime.check(call.tensor_data(tensor, &bytes), action)
    let start = bytes?.assumingMemoryBound(to: Float.self)
    body(UnsafeMutableBufferPointer(start: start, count: start == nil ? 0 : count))
  }
}
