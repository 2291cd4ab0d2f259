import Base
import Networks

/// All tensors of a run under the names of a checkpoint: `G.model.1.weight`, `adam.G.mean.…`,
/// `pool.A.0`, `ema.…`.
enum TrainingState {
  /// What a method and its average hold.
  static func tensors(_ method: any TrainingMethod, _ average: MovingAverage?) -> CheckpointTensors
  {
    var all = CheckpointTensors()
    for (name, network) in method.networks {
      for (key, tensor) in network.checkpoint { all["\(name).\(key)"] = tensor }
    }
    for (name, optimizer) in method.optimizers {
      for (key, tensor) in optimizer.state { all["adam.\(name).\(key)"] = tensor }
    }
    for (name, pool) in method.pools {
      for (key, tensor) in pool.state { all["pool.\(name).\(key)"] = tensor }
    }
    for (key, tensor) in average?.state ?? [] { all["ema.\(key)"] = tensor }
    return all
  }

  /// Puts everything back.
  static func restore(
    _ source: CheckpointTensors, _ method: any TrainingMethod, _ average: MovingAverage?,
    device: TrainingDevice
  ) throws(TesseraError) {
    for (name, network) in method.networks { try network.load(source, prefix: "\(name).") }
    for (name, optimizer) in method.optimizers {
      try optimizer.restore(source, prefix: "adam.\(name).")
    }
    for (name, pool) in method.pools {
      pool.restore(source, prefix: "pool.\(name).", device: device)
    }
    try average?.restore(source, prefix: "ema.")
    try Torch.check()
  }

  /// Writes each network as the official code does: `latest_net_G.pth` and so on.
  static func writeNetworks(
    _ method: any TrainingMethod, _ average: MovingAverage?, to folder: String, label: String
  ) throws(TesseraError) {
    for (name, network) in method.networks {
      let tensors =
        try name == method.generatorName
        ? average?.used { network.checkpoint } ?? network.checkpoint : network.checkpoint
      let path = "\(folder)/\(label)_net_\(name).pth"
      try TorchFile(tensors: tensors).write(to: path)
    }
  }
}
