import Base

/// `loss.csv` of a run: losses and times by step.
///
/// Apart from the times, a resumed run leaves the same file as one that was never stopped, provided
/// that ``flush()`` comes before each checkpoint.
package final class LossLog {
  private let log: TableLog

  /// Columns before the losses: `seconds` is the time of a step, `dataWait` the part of it spent
  /// waiting for data.
  package static let leading = ["step", "epoch", "seconds", "dataWait"]

  /// Opens the file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - losses: Official names of the losses that are known already, in order.
  ///   - step: The step to resume from, beyond which all rows are cut; nil starts the file anew.
  ///   - batch: Rows that are written at once.
  /// - Throws: An error if the file is not a table of losses or cannot be written.
  package init(
    _ path: String, losses: [String] = [], resumingFrom step: Int? = nil, batch: Int = 20
  ) throws(TesseraError) {
    log = try TableLog(path, leading: Self.leading, names: losses, through: step, batch: batch)
  }

  /// All rows so far.
  package var table: LossTable { log.table }

  /// Adds a row; a loss that is not given has an empty field, a new one gets a column.
  package func append(
    step: Int, epoch: Int, seconds: Double, dataWait: Double,
    losses: [(name: String, value: Double)]
  ) throws(TesseraError) {
    let times = [seconds, dataWait].map { "\(($0 * 1e6).rounded() / 1e6)" }
    try log.append(["\(step)", "\(epoch)"] + times, losses)
  }

  /// Waits until all rows are on the disk.
  package func flush() throws(TesseraError) { try log.flush() }
}
