import Base
import Networks

/// A store of made pictures (Shrivastava et al.): the discriminator sees old ones half of the time,
/// so that the generator cannot run in circles.
final class ImagePool {
  private let capacity: Int
  private var pictures: [Tensor] = []

  /// A pool of `capacity` pictures; of none it gives back what it gets.
  init(_ capacity: Int) { self.capacity = capacity }

  /// A batch for the discriminator of a batch [n, c, h, w] that was just made.
  func exchange(_ batch: Tensor, _ numbers: inout SeededNumbers) -> Tensor {
    guard capacity > 0 else { return batch }
    let chosen = (0..<batch.shape[0]).map { index in
      let picture = batch.sliced(axis: 0, from: index, to: index + 1).copied
      if pictures.count < capacity {
        pictures.append(picture)
        return picture
      }
      guard numbers.coin() else { return picture }
      let place = numbers.index(below: capacity)
      let old = pictures[place]
      pictures[place] = picture
      return old
    }
    return Tensor.concatenated(chosen, axis: 0)
  }

  /// What a resumed run needs.
  var state: [(name: String, tensor: CheckpointTensor)] {
    pictures.enumerated().map { index, picture in
      ("\(index)", CheckpointTensor(shape: picture.shape, floats: picture.values))
    }
  }

  /// Goes on from ``state`` under the names `prefix` + name.
  func restore(_ source: CheckpointTensors, prefix: String, device: TrainingDevice) {
    pictures = []
    while let stored = source["\(prefix)\(pictures.count)"] {
      pictures.append(Tensor(stored.floats(), shape: stored.shape, device: device))
    }
  }
}
