/// `validation.csv` of a run: metrics by epoch.
public final class ValidationLog {
  private let log: TableLog

  /// Columns before the metrics.
  public static let leading = ["epoch", "step"]

  /// Opens the file; of what it holds, rows beyond the step to resume from are cut.
  public init(
    _ path: String, metrics: [String] = [], resumingFrom step: Int? = nil
  ) throws(TrainingError) {
    log = try TableLog(path, leading: Self.leading, names: metrics, through: step, batch: 1)
  }

  /// All rows so far.
  public var table: LossTable { log.table }

  /// Adds a row and waits until it is on the disk; a metric that is not given is left empty.
  public func append(
    epoch: Int, step: Int, metrics: [(name: String, value: Double)]
  ) throws(TrainingError) {
    try log.append(["\(epoch)", "\(step)"], metrics)
    try log.flush()
  }
}
