import Foundation

/// How the learning rate falls from epoch to epoch (`lr_policy`).
package enum LearningSchedule: String, Sendable, Hashable, Codable, CaseIterable {
  /// To 0 over the epochs of decay.
  case linear
  /// To a tenth every 50 epochs.
  case step
  /// To a fifth when validation has not become better by 1 % for 5 epochs.
  case plateau
  /// Half a cosine over the epochs at the full rate.
  case cosine

  /// The factor of an epoch, from 0; plateaus are watched by ``PlateauWatch``.
  ///
  /// A linear one falls within epochs of decay, or `afterEpochs`, so that the first still has all of it.
  func factor(epoch: Int, constant: Int, decay: Int, afterEpochs: Bool) -> Double {
    switch self {
    case .linear:
      guard afterEpochs else {
        return max(0, 1 - Double(max(0, epoch + 1 - constant)) / Double(decay + 1))
      }
      return decay > 0 ? max(0, 1 - Double(max(0, epoch - constant)) / Double(decay)) : 1
    case .step: return pow(0.1, Double(epoch / 50))
    case .plateau: return 1
    case .cosine: return (1 + cos(.pi * Double(epoch) / Double(max(1, constant)))) / 2
    }
  }
}

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
