public import Base
import Synchronization

/// SSIM of the slices of two volumes: the mean over the windows of all of them.
public struct SliceSimilarity: Sendable {
  /// Values that are told apart; its width is the data range.
  public let range: LevelRange

  /// Takes the range.
  public init(range: LevelRange) { self.range = range }

  /// Compares slice by slice; of the mask, windows count whose middle is above 0.
  ///
  /// A value that is no number counts as the least of the range. Nil where no window counts, as in slices
  /// narrower than 11 voxels.
  public func measure(
    _ result: FloatVolume, against target: FloatVolume, mask: FloatVolume? = nil, pool: WorkerPool
  ) -> Double? {
    precondition(result.hasSize(of: target) && mask?.hasSize(of: target) != false)
    let (width, height) = (target.width, target.height)
    let area = width * height
    let (range, low) = (range, Float(range.low))
    let total = Mutex(SimilaritySums())
    pool.run(target.depth) { z in
      let slice = z * area..<(z + 1) * area
      func levels(_ volume: FloatVolume) -> [Float] {
        volume.values[slice].map { $0.isFinite ? $0 : low }
      }
      let counts = mask.map { $0.values[slice].map { $0 > 0 } } ?? []
      guard mask == nil || counts.contains(true) else { return }
      let band = Band(
        rows: 0..<height, width: width, result: [levels(result)], target: [levels(target)],
        mask: counts)
      for block in SimilarityMeasure.blocks(plane: 0, width: width, range: range.width) {
        block.add(band)
        total.withLock { $0 = $0 + block.sums }
      }
    }
    let sums = total.withLock { $0 }
    return sums.count > 0 ? sums.similarity / Double(sums.count) : nil
  }
}
