public import Base
internal import COpenVINO
import Foundation

/// The runtime that networks run on: OpenVINO, loaded when first asked for.
///
/// Unchecked because of the pointer: OpenVINO's core may be used from any thread, and it is freed
/// with the last reference.
public final class InferenceEngine: @unchecked Sendable {
  let runtime: Runtime
  private let core: OpaquePointer

  /// Build of OpenVINO, such as "2026.4.1-22982-...".
  public let version: String
  /// Whether the processor computes in bf16 without emulation.
  public let supportsBF16: Bool

  /// Whether the processor multiplies bf16 (AVX512-BF16 or AMX), without loading OpenVINO.
  public static var processorHasBF16: Bool { copenvino_processor_has_bf16() }

  /// Loads OpenVINO; throws an error that says how to install it where it is missing.
  public convenience init() throws(TesseraError) {
    try self.init(RuntimeSearch())
  }

  init(_ search: RuntimeSearch) throws(TesseraError) {
    let runtime = try Runtime(search)
    let call = runtime.call
    var created: OpaquePointer?
    try runtime.check(call.core_create(&created), "starting OpenVINO")
    guard let created else { throw TesseraError(action: "starting OpenVINO", "it gave no core") }
    var build = ov_version()
    let hasVersion = call.get_openvino_version(&build) == 0
    version = hasVersion ? build.buildNumber.map { String(cString: $0) } ?? "" : ""
    if hasVersion { call.version_free(&build) }
    var text: UnsafeMutablePointer<CChar>?
    let known = call.core_get_property(created, "CPU", "OPTIMIZATION_CAPABILITIES", &text) == 0
    let capabilities = known ? text.map { String(cString: $0) } ?? "" : ""
    call.free(text)
    supportsBF16 = Self.processorHasBF16 && capabilities.contains("BF16")
    core = created
    self.runtime = runtime
  }

  deinit { runtime.call.core_free(core) }

  /// Reads a network in ONNX from memory and compiles it.
  public func compile(
    onnx: Data, options: InferenceOptions = InferenceOptions()
  ) throws(TesseraError) -> CompiledModel {
    let threads = options.threads ?? ProcessInfo.processInfo.activeProcessorCount
    guard threads >= 1, options.streams >= 1 else {
      throw TesseraError(action: "compiling the model", "threads and streams are at least 1")
    }
    if options.precision == .bf16, !supportsBF16 {
      throw TesseraError(
        action: "compiling the model", "this processor has no bf16 arithmetic; use auto or f32")
    }
    let inBF16 = supportsBF16 && options.precision != .f32
    let graph = try ReadModel(onnx, runtime, core)
    if !options.inputShapes.isEmpty { try graph.reshape(options.inputShapes) }
    let inputs = try graph.inputs()
    let outputs = try graph.outputs()
    let compiled = try runtime.compile(
      core, graph.model, precision: inBF16 ? "bf16" : "f32", threads: threads,
      streams: options.streams)
    return CompiledModel(
      engine: self, model: compiled, inputs: inputs, outputs: outputs,
      precision: inBF16 ? .bf16 : .f32)
  }
}
