import Networks
import Base

/// A way to learn a mapping between domains: its networks, and what a step does to them.
protocol TrainingMethod: AnyObject {
  /// Networks under the names that the official code saves them by: G, D, G_A and so on.
  var networks: [(name: String, network: TrainableNetwork)] { get }
  /// Optimizers under the names of what they move.
  var optimizers: [(name: String, optimizer: Adam)] { get }
  /// Stores of made pictures.
  var pools: [(name: String, pool: ImagePool)] { get }
  /// The network that translates, by its name among ``networks``.
  var generatorName: String { get }

  /// Prepares an epoch, counted from 0: phases that begin with one.
  func begin(epoch: Int)

  /// One update of every network; returns the losses by their official names, in order.
  func step(_ batch: TensorBatch, _ context: StepContext) throws(TesseraError) -> [Loss]

  /// What the generator makes of a batch, as a finished network does.
  func translated(_ batch: TensorBatch) throws(TesseraError) -> Tensor
}

extension TrainingMethod {
  var pools: [(name: String, pool: ImagePool)] { [] }
  var generatorName: String { "G" }
  func begin(epoch: Int) {}

  /// The network that translates.
  var generator: TrainableNetwork {
    guard let found = networks.first(where: { $0.name == generatorName }) else {
      preconditionFailure("there is no network \(generatorName)")
    }
    return found.network
  }
}

/// A loss of a step under its official name, weight included.
struct Loss {
  let name: String
  let value: Double

  init(_ name: String, _ tensor: Tensor) {
    self.name = name
    value = tensor.item
  }

  init(_ name: String, value: Double) { (self.name, self.value) = (name, value) }
}

/// What a method is told before it builds its networks.
struct MethodSetting {
  /// Channels of what the generator reads; classes and border channel of label maps.
  var sourceChannels = 3
  /// Channels of what it makes.
  var targetChannels = 3
  /// Sides of the pictures in training.
  var height = 256, width = 256
  /// Seed of the run.
  var seed: UInt64 = 0
  /// Where tensors are.
  var device = TrainingDevice.cpu
  /// A backbone whose features results are compared by.
  var perceptual: PerceptualLoss?

  /// A network with parameters drawn for this run; `name` is the official one.
  func network(
    _ network: any Network, _ name: String, _ initialization: Initialization
  ) throws(TesseraError) -> TrainableNetwork {
    let place = name.utf8.reduce(0) { $0 * 256 + Int($1) }
    var numbers = SeededNumbers(seed: seed, .parameters, place)
    return try TrainableNetwork(
      network, initialization: initialization, numbers: &numbers, device: device)
  }
}
