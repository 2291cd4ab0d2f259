import Networks

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
  ) throws(TrainingError) -> TrainableNetwork {
    let place = name.utf8.reduce(0) { $0 * 256 + Int($1) }
    var numbers = SeededNumbers(seed: seed, .parameters, place)
    return try TrainableNetwork(
      network, initialization: initialization, numbers: &numbers, device: device)
  }
}
