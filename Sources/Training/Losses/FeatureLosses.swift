/// Losses that compare pictures or features.
enum FeatureLosses {
  /// Mean of |a - b|.
  static func l1(_ a: Tensor, _ b: Tensor) -> Tensor { (a.asFloat - b.asFloat).magnitude.mean() }

  /// L1 between a discriminator's features of made and real pictures, summed over all layers but
  /// the verdict of every scale.
  static func matching(made: [[Tensor]], real: [[Tensor]]) -> Tensor? {
    var sum: Tensor?
    for (made, real) in zip(made, real) {
      for (a, b) in zip(made.dropLast(), real.dropLast()) {
        let term = l1(a, b.detached)
        sum = sum.map { $0 + term } ?? term
      }
    }
    return sum
  }

  /// KL divergence of a latent normal distribution from the standard one, summed over the batch.
  static func divergence(mean: Tensor, logVariance: Tensor) -> Tensor {
    -0.5 * (logVariance + 1 - mean.squared - logVariance.exp).sum()
  }
}
