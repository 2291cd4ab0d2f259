import Base
import Networks

/// The moving average of a generator's parameters, which translates better than the last of them.
final class MovingAverage {
  private let share: Double
  private let network: TrainableNetwork
  private let averages: [(name: String, tensor: Tensor)]

  /// Starts from the network's parameters; `share` of the average stays at each step.
  init(of network: TrainableNetwork, share: Double) {
    self.share = share
    self.network = network
    averages = network.learned.map { ($0.name, $0.tensor.detached.copied) }
  }

  /// Takes the parameters of a step in.
  func update() {
    for (average, current) in zip(averages, network.learned) {
      average.tensor.approach(current.tensor.detached, share: 1 - share)
    }
  }

  /// Runs `body` while the network has the averages for parameters.
  func used<Result>(_ body: () throws(TesseraError) -> Result) throws(TesseraError) -> Result {
    let learned = network.learned
    let before = learned.map(\.tensor.values)
    for (average, current) in zip(averages, learned) {
      current.tensor.assign(average.tensor.values)
    }
    defer { for (values, current) in zip(before, learned) { current.tensor.assign(values) } }
    return try body()
  }

  /// What a resumed run needs.
  var state: [(name: String, tensor: CheckpointTensor)] {
    averages.map { ($0.name, CheckpointTensor(shape: $0.tensor.shape, floats: $0.tensor.values)) }
  }

  /// Goes on from ``state`` under the names `prefix` + name.
  func restore(_ source: CheckpointTensors, prefix: String) throws(TesseraError) {
    for (name, tensor) in averages {
      guard let stored = source[prefix + name], stored.shape == tensor.shape else {
        throw TesseraError(
          "moving average", "resuming",
          "\(name) is missing from the checkpoint: go on with the --ema that the run began with")
      }
      tensor.assign(stored.floats())
    }
  }
}
