import Base
import Foundation

/// What a run's generator is worth on pictures that it does not learn from.
struct Validation {
  let data: Dataset
  /// Whether a target says what is right.
  let isPaired: Bool
  let device: TrainingDevice
  /// Whether the examples that are looked at are spread over all, which may be of several patients.
  var isSpread = false

  /// Examples that are looked at.
  static let limit = 50

  /// Metrics by name; of the first, less is better.
  ///
  /// Paired: L1 in units of -1...1 and PSNR in dB. Unpaired: the sliced Wasserstein distance of results
  /// to pictures of the target domain.
  func metrics(of method: any TrainingMethod) throws(TesseraError) -> [(
    name: String, value: Double
  )] {
    var (absolute, squared, count) = (0.0, 0.0, 0)
    var (made, real) = (
      SlicedWasserstein(channels: data.targetChannels),
      SlicedWasserstein(channels: data.targetChannels)
    )
    let limit = min(Self.limit, data.count)
    for place in 0..<limit {
      let index = isSpread ? place * data.count / limit : place
      // A file that cannot be read is as bad in every epoch.
      guard let example = try? data.example(index, epoch: 0, place: index, seed: 0, isRandom: false)
      else { continue }
      let result = try translated(example, method)
      if isPaired {
        for (a, b) in zip(result.values, example.target.values) {
          let difference = Double(a - b)
          absolute += abs(difference)
          squared += difference * difference
        }
        count += result.values.count
      } else {
        made.add(result, number: index)
        real.add(example.target, number: index)
        count += 1
      }
    }
    guard count > 0 else { return [] }
    guard isPaired else { return [("SWD", made.distance(to: real))] }
    let mean = squared / Double(count)
    // The range is 2, from -1 to 1.
    return [("L1", absolute / Double(count)), ("PSNR", 10 * log10(4 / max(mean, 1e-12)))]
  }

  /// What a method makes of an example.
  func translated(
    _ example: TrainingExample, _ method: any TrainingMethod
  ) throws(TesseraError) -> Picture {
    let batch = TensorBatch([example], classes: data.classes, device: device)
    let result = try Torch.withoutGradients { () throws(TesseraError) in
      try method.translated(batch)
    }
    let values = result.asFloat.values
    let shape = result.shape
    try Torch.check()
    return Picture(channels: shape[1], height: shape[2], width: shape[3], values: values)
  }
}
