import Base
import Evaluation
import Metrics

/// Names of metrics, as the command line has them.
enum MetricNames {
  /// What they mean, between images and between sets.
  static func read(
    _ names: String
  ) throws(UsageError) -> (pairs: Set<PairedMetric>, sets: Set<SetMetric>) {
    var (pairs, sets): (Set<PairedMetric>, Set<SetMetric>) = ([], [])
    for name in names.split(separator: ",").map({ $0.trimmed }) {
      if let metric = PairedMetric(rawValue: name) {
        pairs.insert(metric)
      } else if let metric = SetMetric(rawValue: name) {
        sets.insert(metric)
      } else {
        throw UsageError(
          "--metrics \(name): there is no such metric; there is \(MetricChoice.pairedNames), "
            + MetricChoice.setNames)
      }
    }
    guard !pairs.isEmpty || !sets.isEmpty else {
      throw UsageError("--metrics: name at least one, as in psnr,ssim")
    }
    return (pairs, sets)
  }
}

extension Substring {
  /// Without spaces at both ends.
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
