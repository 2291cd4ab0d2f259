import Base
internal import CTorch

/// The state of libtorch on the thread that trains.
enum Torch {
  /// Version of the library, such as 1.13.1.
  static var version: String { String(cString: ct_version()) }

  /// Whether there is a CUDA device that this libtorch can use.
  static var hasCUDA: Bool { ct_has_cuda() }

  /// Threads of an operation.
  static func setThreads(_ count: Int) { ct_set_threads(Int32(count)) }

  /// Chooses oneDNN (the default) or libtorch's own kernels, which round otherwise.
  static func useOneDNN(_ isUsed: Bool) { ct_use_onednn(isUsed) }

  /// Restarts the generator that dropout draws from.
  static func seed(_ seed: UInt64) { ct_seed(seed) }

  /// Throws what went wrong since the last call, in libtorch's words.
  static func check() throws(TesseraError) {
    guard let text = ct_take_error() else { return }
    defer { ct_free_text(text) }
    let lines = String(cString: text).split(separator: "\n")
    throw TesseraError(
      "libtorch", "training", quoting: lines.first.map(String.init) ?? "it failed without a message"
    )
  }

  /// Runs `body` without recording it for gradients.
  static func withoutGradients<Result>(
    _ body: () throws(TesseraError) -> Result
  ) throws(TesseraError) -> Result {
    let before = ct_set_gradients(false)
    defer { _ = ct_set_gradients(before) }
    return try body()
  }

  /// Runs `body` with convolutions in bf16, if `precision` asks for it.
  static func with<Result>(
    _ precision: TrainingPrecision, on device: TrainingDevice,
    _ body: () throws(TesseraError) -> Result
  ) throws(TesseraError) -> Result {
    guard precision == .bf16 else { return try body() }
    ct_set_autocast(true, device.isCUDA)
    defer { ct_set_autocast(false, device.isCUDA) }
    return try body()
  }
}
