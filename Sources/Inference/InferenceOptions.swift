/// How a network is compiled.
public struct InferenceOptions: Sendable, Hashable {
  /// Arithmetic of convolutions and matrix products.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// bf16 where the processor multiplies it (AVX512-BF16, AMX), else f32.
    case auto
    /// Single precision everywhere.
    case f32
    /// 8 bits of mantissa, accumulated in single precision; refused where the processor lacks it.
    case bf16
  }

  /// Arithmetic.
  public var precision: Precision
  /// Threads in all, at least 1; nil takes all processors.
  public var threads: Int?
  /// Windows that run at once, each on its share of the threads; at least 1.
  public var streams: Int
  /// Fixed shapes by place of the input; empty keeps the model's own.
  public var inputShapes: [[Int]]

  /// Makes options.
  public init(
    precision: Precision = .auto, threads: Int? = nil, streams: Int = 1, inputShapes: [[Int]] = []
  ) {
    self.precision = precision
    self.threads = threads
    self.streams = streams
    self.inputShapes = inputShapes
  }

  /// f32 on one thread, in which sums have one order: for statistics that must never vary.
  public static func deterministic(inputShapes: [[Int]] = []) -> Self {
    Self(precision: .f32, threads: 1, streams: 1, inputShapes: inputShapes)
  }
}
