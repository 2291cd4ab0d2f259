import Base

/// How a discriminator's output becomes a loss (`gan_mode`).
package enum AdversarialLoss: String, Sendable, Hashable, Codable, CaseIterable {
  /// Binary cross entropy of logits (Goodfellow et al., equation 1 with the generator's target
  /// swapped).
  case vanilla
  /// Squared distance to 1 and 0 (Mao et al.).
  case lsgan
  /// Mean output, with the gradient penalty of Gulrajani et al. on the discriminator.
  case wgangp
  /// Margins of 1 (Lim and Ye); the generator maximizes the output.
  case hinge
  /// Softplus of the logits (CUT).
  case nonsaturating

  /// The discriminator's loss for real or made pictures: mean over patches.
  func discriminator(_ output: Tensor, isReal: Bool) -> Tensor {
    let output = output.asFloat
    switch self {
    case .vanilla, .nonsaturating: return (isReal ? -output : output).softplus.mean()
    case .lsgan: return (output - (isReal ? 1 : 0)).squared.mean()
    case .wgangp: return isReal ? -output.mean() : output.mean()
    case .hinge: return (isReal ? 1 - output : output + 1).relu.mean()
    }
  }

  /// The generator's loss: its pictures should pass for real ones.
  func generator(_ output: Tensor) -> Tensor {
    switch self {
    case .hinge, .wgangp: -output.asFloat.mean()
    default: discriminator(output, isReal: true)
    }
  }

  /// The penalty that keeps the discriminator's slope at 1 (Gulrajani et al., equation 3), factor
  /// included: 10 mean (|d D(x)/d x| - 1)², x between real and made pictures, one place an image.
  static func gradientPenalty(
    real: Tensor, made: Tensor, numbers: inout SeededNumbers, device: TrainingDevice,
    discriminator: (Tensor) throws(TesseraError) -> Tensor
  ) throws(TesseraError) -> Tensor {
    let count = real.shape[0]
    let shares = Tensor(
      (0..<count).map { _ in Float(numbers.unit()) }, shape: [count, 1, 1, 1], device: device)
    let between = (shares * real + (1 - shares) * made).detached
    between.requireGradient()
    let slope = try discriminator(between).asFloat.gradient(of: between).reshaped([count, -1])
    let length = (slope + 1e-16).squared.sum([1]).squareRoot
    return 10 * (length - 1).squared.mean()
  }
}
