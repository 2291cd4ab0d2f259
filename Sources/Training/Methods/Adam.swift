import Base
internal import CTorch
import Networks

/// Adam (Kingma and Ba) as PyTorch computes it, for the parameters of some networks.
final class Adam {
  /// Decay of the means of gradients and of their squares.
  let betas: (Double, Double)
  /// Steps done.
  private(set) var steps = 0
  private let parameters: [(name: String, tensor: Tensor, mean: Tensor, square: Tensor)]

  /// Takes the parameters, under names that are unique among them.
  init(
    _ networks: [(name: String, network: TrainableNetwork)], betas: (Double, Double),
    device: TrainingDevice, where isIncluded: (String) -> Bool = { _ in true }
  ) {
    self.betas = betas
    parameters = networks.flatMap { prefix, network in
      network.learned.filter { isIncluded($0.name) }.map { name, tensor in
        (
          "\(prefix).\(name)", tensor, Tensor(filled: 0, shape: tensor.shape, device: device),
          Tensor(filled: 0, shape: tensor.shape, device: device)
        )
      }
    }
  }

  /// Moves the parameters against their gathered gradients.
  func step(rate: Double) {
    steps += 1
    for (_, tensor, mean, square) in parameters {
      ct_adam(
        tensor.handle, mean.handle, square.handle, rate, betas.0, betas.1, 1e-8, Int64(steps))
    }
  }

  /// Forgets gathered gradients.
  func clearGradients() { for parameter in parameters { parameter.tensor.clearGradient() } }

  /// What a resumed run needs.
  var state: [(name: String, tensor: CheckpointTensor)] {
    parameters.flatMap { parameter in
      [("mean", parameter.mean), ("square", parameter.square)].map { kind, tensor in
        (
          "\(kind).\(parameter.name)", CheckpointTensor(shape: tensor.shape, floats: tensor.values)
        )
      }
    } + [("steps", CheckpointTensor(shape: [], floats: [Float(steps)]))]
  }

  /// Goes on from ``state`` under the names `prefix` + name.
  func restore(_ source: CheckpointTensors, prefix: String) throws(TesseraError) {
    for parameter in parameters {
      for (kind, tensor) in [("mean", parameter.mean), ("square", parameter.square)] {
        guard let stored = source["\(prefix)\(kind).\(parameter.name)"],
          stored.shape == tensor.shape
        else {
          throw TesseraError(
            "optimizer", "resuming",
            "the \(kind) of \(parameter.name) is missing from the checkpoint: remove it to go on from"
              + " another")
        }
        tensor.assign(stored.floats())
      }
    }
    guard let stored = source["\(prefix)steps"]?.floats().first, let steps = Int(exactly: stored),
      steps >= 0
    else {
      throw TesseraError(
        "optimizer", "resuming",
        "its steps are missing from the checkpoint: remove it to go on from another")
    }
    self.steps = steps
  }
}

/// Adam's constants.
package struct OptimizerOptions: Sendable, Hashable, Codable {
  /// Learning rate at the start.
  package var rate = 2e-4
  /// Decay of the mean of gradients.
  package var beta1 = 0.5
  /// Decay of the mean of their squares.
  package var beta2 = 0.999

  /// Makes the defaults of Pix2Pix, CycleGAN and CUT.
  package init() {}

  var betas: (Double, Double) { (beta1, beta2) }
}

extension OptimizerOptions {
  static let options: [MethodOption<OptimizerOptions>] = [
    MethodOption("learning-rate", \.rate, .within(0...10), "Learning rate at the start"),
    MethodOption("beta1", \.beta1, .within(0..<1), "Adam's decay of the mean of gradients"),
    MethodOption("beta2", \.beta2, .within(0..<1), "Adam's decay of the mean of their squares"),
  ]
}
