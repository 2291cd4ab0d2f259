/// Losses that compare pictures or features.
enum FeatureLosses {
  /// Mean of |a - b|.
  static func l1(_ a: Tensor, _ b: Tensor) -> Tensor { (a.asFloat - b.asFloat).magnitude.mean() }

  /// KL divergence of a latent normal distribution from the standard one, summed over the batch.
  static func divergence(mean: Tensor, logVariance: Tensor) -> Tensor {
    -0.5 * (logVariance + 1 - mean.squared - logVariance.exp).sum()
  }
}
