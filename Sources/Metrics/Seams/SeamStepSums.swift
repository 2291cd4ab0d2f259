/// The squares of the steps of one channel: one sum for the seams, six for the control lines.
struct SeamStepSums: Sendable {
  private var sums = [Double](repeating: 0, count: SeamGrid.controls + 1)
  private var counts = [Int](repeating: 0, count: SeamGrid.controls + 1)

  /// Takes one step; one that is no finite number is left out.
  mutating func add(_ step: Double, group: Int) {
    guard step.isFinite else { return }
    sums[group] += step * step
    counts[group] += 1
  }

  /// The figures of the channel, or nil if it has no seam or no control line; `levels` is what a
  /// unit of a sample is in 8-bit levels.
  func figure(_ channel: String, levels: Double) -> SeamStep? {
    let controls = 1...SeamGrid.controls
    let count = controls.reduce(0) { $0 + counts[$1] }
    guard counts[0] > 0, count > 0 else { return nil }
    let control = controls.reduce(0) { $0 + sums[$1] } / Double(count)
    func ratio(_ group: Int) -> Double {
      let square = sums[group] / Double(counts[group]) * levels * levels
      let other = control * levels * levels
      return ((square + SeamStep.roundingNoise) / (other + SeamStep.roundingNoise)).squareRoot()
    }
    let ratios = controls.filter { counts[$0] > 0 }.map(ratio)
    return SeamStep(
      channel: channel, ratio: ratio(0),
      levels: (sums[0] / Double(counts[0])).squareRoot() * levels,
      lowestControl: ratios.min() ?? 1, highestControl: ratios.max() ?? 1)
  }
}
