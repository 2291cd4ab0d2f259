/// Pictures of a step on the device, NCHW.
struct TensorBatch {
  /// What the generator reads: pictures of domain A, or label maps with one channel a class.
  let source: Tensor
  /// Pictures of domain B.
  let target: Tensor
  /// Where they are.
  var device = TrainingDevice.cpu
}

extension TensorBatch {
  /// Puts examples of one size on the device; labels become one channel a class.
  init(_ examples: [TrainingExample], classes: Int?, device: TrainingDevice) {
    var (sources, targets): ([Float], [Float]) = ([], [])
    var channels = 0
    for example in examples {
      targets += example.target.values
      switch example.source {
      case .picture(let picture):
        channels = picture.channels
        sources += picture.values
      case .labels(let map, let instances):
        let count = classes ?? 0
        channels = count + (instances == nil ? 0 : 1)
        sources += map.oneHot(classes: count)
        if let instances { sources += instances.borders }
      }
    }
    let (source, target) = (examples[0].source.size, examples[0].target)
    self.init(
      source: Tensor(sources, shape: [examples.count, channels] + source, device: device),
      target: Tensor(
        targets, shape: [examples.count, target.channels, target.height, target.width],
        device: device), device: device)
  }
}
