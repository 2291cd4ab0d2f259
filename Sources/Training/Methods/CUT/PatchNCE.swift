/// The contrastive loss of CUT (Park et al., equation 3): a patch of the result should be closer to
/// its own place in the source than to other places.
struct PatchNCE {
  /// Softness of the comparison (`nce_T`).
  var temperature = 0.07
  /// Whether places of all images of the batch are contrasted instead of those of one image.
  var acrossBatch = false

  /// Mean cross entropy of the matching place, of unit vectors [images x patches, length].
  ///
  /// Gradients do not pass `sources`.
  func callAsFunction(_ results: Tensor, _ sources: Tensor, images: Int) -> Tensor {
    let (query, key) = (results.asFloat, sources.asFloat.detached)
    let (rows, length) = (query.shape[0], query.shape[1])
    let groups = acrossBatch ? 1 : images
    let patches = rows / groups
    let positive = (query * key).sum([1], keeps: true)
    let q = query.reshaped([groups, patches, length])
    let k = key.reshaped([groups, patches, length])
    let all = q.product(k.permuted([0, 2, 1]))
    // A patch is no negative of itself.
    let own = Tensor(
      (0..<patches * patches).map { $0 % (patches + 1) == 0 ? 1 : 0 },
      shape: [1, patches, patches], device: device)
    let negative = (all * (1 - own) + -10 * own).reshaped([rows, patches])
    let logits = Tensor.concatenated([positive, negative], axis: 1) / temperature
    return logits.crossEntropyOfFirst
  }

  /// Where the tensors are.
  var device = TrainingDevice.cpu

  /// Rows scaled to length 1 (`Normalize`).
  ///
  /// A place where every feature is zero has no direction. It stays zero and takes no gradient; the
  /// square root's own is infinite there, and one such place makes every parameter NaN.
  static func unitVectors(_ rows: Tensor) -> Tensor {
    let squares = rows.squared.sum([1], keeps: true)
    let isDirected = (largestScale * squares.detached).clamped(0...1)
    let length = squares.clamped(smallestSquare...largestScale).squareRoot + 1e-7
    return rows * (isDirected / length)
  }

  /// Below this the square of a length counts as zero.
  private static let smallestSquare = 1e-30
  private static let largestScale = 1e30
}
