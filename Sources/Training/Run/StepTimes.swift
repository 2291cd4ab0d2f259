/// How long recent steps took.
package struct StepTimes: Sendable {
  private var steps: [(seconds: Double, dataWait: Double)] = []
  private var next = 0
  private let limit: Int

  /// Remembers so many steps.
  package init(remembering limit: Int = 50) {
    precondition(limit > 0)
    self.limit = limit
  }

  /// Adds a step: its whole time, and the part of it spent waiting for data.
  package mutating func append(seconds: Double, dataWait: Double) {
    if steps.count < limit {
      steps.append((seconds, dataWait))
    } else {
      steps[next] = (seconds, dataWait)
    }
    next = (next + 1) % limit
  }

  /// The median, which a checkpoint now and then does not change; nil before the first step.
  package var secondsPerStep: Double? {
    let sorted = steps.map(\.seconds).sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }

  /// Part of the time spent waiting for data, 0...1.
  package var dataWait: Double {
    let total = steps.reduce(0) { $0 + $1.seconds }
    return total > 0 ? steps.reduce(0) { $0 + $1.dataWait } / total : 0
  }
}
