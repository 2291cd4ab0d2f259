import Base

/// What a step knows besides its pictures.
struct StepContext {
  /// Number of the step, from 0.
  let index: Int
  /// Seed of the run.
  let seed: UInt64
  /// Factor of every learning rate.
  var rateFactor = 1.0
  /// What convolutions compute in.
  var precision = TrainingPrecision.f32
  /// Where tensors are.
  var device = TrainingDevice.cpu

  /// Random numbers of this step for one purpose.
  func numbers(_ purpose: SeededNumbers.Purpose, _ place: Int = 0) -> SeededNumbers {
    SeededNumbers(seed: seed, purpose, index, place)
  }

  /// Runs a forward pass in the precision of the run.
  func forward<Result>(
    _ body: () throws(TesseraError) -> Result
  ) throws(TesseraError) -> Result {
    try Torch.with(precision, on: device, body)
  }
}

extension SeededNumbers {
  /// What training draws numbers for.
  package enum Purpose: UInt64, Sendable {
    case parameters = 1
    case order, augmentation, pool, patches, noise, flips, penalty, samples
  }

  /// The generator of a place, such as (epoch) or (step, example).
  package init(seed: UInt64, _ purpose: Purpose, _ place: Int...) {
    self.init(seed: seed, purpose: purpose.rawValue, place: place)
  }
}
