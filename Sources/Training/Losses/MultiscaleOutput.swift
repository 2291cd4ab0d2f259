/// The output of a discriminator that looks at several sizes: for each its features, the output last.
struct MultiscaleOutput {
  let scales: [[Tensor]]

  /// Splits the outputs of a discriminator, of which each size has equally many.
  init(_ outputs: [Tensor], scales: Int) {
    let layers = outputs.count / scales
    self.scales = (0..<scales).map { Array(outputs[($0 * layers)..<(($0 + 1) * layers)]) }
  }

  private init(_ scales: [[Tensor]]) { self.scales = scales }

  /// The part about images `start` to `end` of the batch.
  func images(_ start: Int, _ end: Int) -> MultiscaleOutput {
    MultiscaleOutput(scales.map { $0.map { $0.sliced(axis: 0, from: start, to: end) } })
  }

  /// Sum over sizes of a loss of the outputs.
  func sum(_ loss: (Tensor) -> Tensor) -> Tensor {
    let losses = scales.compactMap { $0.last.map(loss) }
    return losses.dropFirst().reduce(losses[0]) { $0 + $1 }
  }

  /// L1 to the features of real pictures, which gradients do not pass, summed over sizes and layers.
  func distance(to real: MultiscaleOutput) -> Tensor? {
    let pairs = zip(scales, real.scales).flatMap { zip($0.dropLast(), $1.dropLast()) }
    let terms = pairs.map { FeatureLosses.l1($0, $1.detached) }
    return terms.first.map { terms.dropFirst().reduce($0) { $0 + $1 } }
  }
}
