/// Pictures of a step on the device, NCHW.
struct TensorBatch {
  /// What the generator reads: pictures of domain A, or label maps with one channel a class.
  let source: Tensor
  /// Pictures of domain B.
  let target: Tensor
  /// Where they are.
  var device = TrainingDevice.cpu
}
