/// Adam's constants.
public struct OptimiserOptions: Sendable, Hashable, Codable {
  /// Learning rate at the start.
  public var rate = 2e-4
  /// Decay of the mean of gradients.
  public var beta1 = 0.5
  /// Decay of the mean of their squares.
  public var beta2 = 0.999

  /// Makes the defaults of Pix2Pix, CycleGAN and CUT.
  public init() {}

  var betas: (Double, Double) { (beta1, beta2) }
}
