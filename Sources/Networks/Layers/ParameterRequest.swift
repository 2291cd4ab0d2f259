/// A parameter that a network has in a checkpoint.
public struct ParameterRequest: Sendable, Hashable {
  /// What a parameter is, which decides how training starts it and what inference does with it.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Weight of a convolution [out, in, height, width]; of a spectral one before its division.
    case convolution
    /// Weight of a transposed convolution [in, out, height, width].
    case transposedConvolution
    /// Weight of a linear layer [out, in].
    case linear
    /// Bias of a convolution or a linear layer.
    case bias
    /// Factor of a norm, 1 at the start.
    case normScale
    /// Term of a norm, 0 at the start.
    case normShift
    /// Mean over training that a batch norm remembers.
    case runningMean
    /// Unbiased variance over training that a batch norm remembers.
    case runningVariance
    /// Number of steps that a batch norm has seen; not needed to run it.
    case batchCount
    /// Left singular vector of a spectral norm.
    case spectralU
    /// Right singular vector of a spectral norm; it follows from the left one where a file lacks it.
    case spectralV
    /// Kernel of an anti-aliasing layer, which is always the same.
    case blurKernel
    /// Mark of a generator that adds its input to what it makes, always 1.
    case residualMark

    /// Whether training leaves it to the forward pass instead of the optimizer.
    public var isBuffer: Bool {
      switch self {
      case .convolution, .transposedConvolution, .linear, .bias, .normScale, .normShift: false
      default: true
      }
    }

    /// Whether a network cannot run without it.
    public var isRequired: Bool {
      switch self {
      case .batchCount, .spectralV, .blurKernel: false
      default: true
      }
    }
  }

  /// Name in a state dict of the published code.
  public let name: String
  /// Sizes of the axes.
  public let shape: [Int]
  /// What it is.
  public let role: Role
}
