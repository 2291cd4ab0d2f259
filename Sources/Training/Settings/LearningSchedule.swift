import Foundation

/// How the learning rate falls from epoch to epoch (`lr_policy`).
public enum LearningSchedule: String, Sendable, Hashable, Codable, CaseIterable {
  /// To 0 over the epochs of decay.
  case linear
  /// To a tenth every 50 epochs.
  case step
  /// To a fifth when validation has not become better by 1 % for 5 epochs.
  case plateau
  /// Half a cosine over the epochs at the full rate.
  case cosine

  /// The factor of an epoch, from 0; plateaus are watched by ``PlateauWatch``.
  func factor(epoch: Int, constant: Int, decay: Int, method: MethodName) -> Double {
    switch self {
    case .linear:
      switch method {
      case .spade, .pix2pixhd:
        // Falls after each epoch of decay by the same amount, so that the first still has all of it.
        return decay > 0 ? max(0, 1 - Double(max(0, epoch - constant)) / Double(decay)) : 1
      case .pix2pix, .cyclegan, .cut, .fastcut:
        return max(0, 1 - Double(max(0, epoch + 1 - constant)) / Double(decay + 1))
      }
    case .step: return pow(0.1, Double(epoch / 50))
    case .plateau: return 1
    case .cosine: return (1 + cos(.pi * Double(epoch) / Double(max(1, constant)))) / 2
    }
  }
}
