/// Lowers the learning rate when validation stops becoming better.
struct PlateauWatch: Sendable, Hashable, Codable {
  /// Factor of the learning rate by now.
  private(set) var factor = 1.0
  private var best: Double?
  private var badEpochs = 0

  private static let (lowering, threshold, patience) = (0.2, 0.01, 5)

  /// Takes the metric of an epoch, of which less is better.
  mutating func observe(_ metric: Double) {
    guard let best, metric >= best * (1 - Self.threshold) else {
      (best, badEpochs) = (metric, 0)
      return
    }
    badEpochs += 1
    if badEpochs > Self.patience { (factor, badEpochs) = (factor * Self.lowering, 0) }
  }
}
