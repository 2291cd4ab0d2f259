/// `validation.csv` of a run: metrics by epoch.
public final class ValidationLog {
  private let log: TableLog
  private let names: [String]

  /// Columns before the metrics.
  public static let leading = ["epoch", "step"]

  /// Opens the file; of what it holds, rows beyond the step to resume from are cut.
  public init(
    _ path: String, metrics: [String], resumingFrom step: Int? = nil
  ) throws(TrainingError) {
    names = metrics
    log = try TableLog(path, columns: Self.leading + metrics, through: step, batch: 1)
  }

  /// All rows so far.
  public var table: LossTable { log.table }

  /// Adds a row and waits until it is on the disk; a metric that is not given is left empty.
  public func append(
    epoch: Int, step: Int, metrics: [String: Double]
  ) throws(TrainingError) {
    precondition(metrics.keys.allSatisfy(names.contains), "\(metrics.keys) of \(names)")
    let values = names.map { metrics[$0] }
    try log.append(
      [Double(epoch), Double(step)] + values,
      ["\(epoch)", "\(step)"] + values.map(LossLog.field))
    try log.flush()
  }
}
