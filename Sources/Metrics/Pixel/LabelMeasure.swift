import Synchronization

/// Counts how often two label maps agree on each class.
final class LabelMeasure: BandMeasure {
  /// Pixels of one class.
  struct Count: Sendable {
    var inBoth = 0
    var inResult = 0
    var inTarget = 0
  }

  private let state = Mutex<[Float: Count]>([:])

  func add(_ band: Band) {
    let (result, target, mask) = (band.result[0], band.target[0], band.mask)
    var counts: [Float: Count] = [:]
    // Neighbors are mostly alike: one look-up for a run of them.
    var start = 0
    while start < result.count {
      let (own, other) = (result[start], target[start])
      let isCounted = mask.isEmpty || mask[start]
      var end = start + 1
      while end < result.count, result[end] == own, target[end] == other,
        (mask.isEmpty || mask[end]) == isCounted
      {
        end += 1
      }
      if isCounted {
        counts[own, default: Count()].inResult += end - start
        counts[other, default: Count()].inTarget += end - start
        if own == other { counts[own, default: Count()].inBoth += end - start }
      }
      start = end
    }
    state.withLock { total in
      for (label, count) in counts {
        total[label, default: Count()].inBoth += count.inBoth
        total[label, default: Count()].inResult += count.inResult
        total[label, default: Count()].inTarget += count.inTarget
      }
    }
  }

  /// Pixels that were compared.
  var pixels: Int { state.withLock { $0.values.reduce(0) { $0 + $1.inTarget } } }

  /// The figures; nil where no pixel was compared.
  func figure(_ metric: PairedMetric) -> Double? {
    let counts = state.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
    let pixels = counts.reduce(0) { $0 + $1.inTarget }
    guard pixels > 0 else { return nil }
    func mean(_ value: (Count) -> Double) -> Double {
      counts.reduce(0) { $0 + value($1) } / Double(counts.count)
    }
    switch metric {
    case .accuracy: return Double(counts.reduce(0) { $0 + $1.inBoth }) / Double(pixels)
    case .dice: return mean { 2 * Double($0.inBoth) / Double($0.inResult + $0.inTarget) }
    case .iou: return mean { Double($0.inBoth) / Double($0.inResult + $0.inTarget - $0.inBoth) }
    default: return nil
    }
  }
}
