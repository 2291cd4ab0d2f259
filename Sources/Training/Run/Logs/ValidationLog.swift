import Base

/// `validation.csv` of a run: metrics by epoch.
package final class ValidationLog {
  private let log: TableLog

  /// Columns before the metrics.
  package static let leading = ["epoch", "step"]

  /// Opens the file; of what it holds, rows beyond the step to resume from are cut.
  package init(
    _ path: String, metrics: [String] = [], resumingFrom step: Int? = nil
  ) throws(TesseraError) {
    log = try TableLog(path, leading: Self.leading, names: metrics, through: step, batch: 1)
  }

  /// All rows so far.
  package var table: LossTable { log.table }

  /// Adds a row and waits until it is on the disk; a metric that is not given is left empty.
  package func append(
    epoch: Int, step: Int, metrics: [(name: String, value: Double)]
  ) throws(TesseraError) {
    try log.append(["\(epoch)", "\(step)"], metrics)
    try log.flush()
  }
}
