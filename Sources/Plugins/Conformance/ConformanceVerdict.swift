/// How a check ended, with the number or the reason in one line.
enum ConformanceVerdict: Sendable, Hashable {
  case passed(String)
  case failed(String)
  case notApplicable(String)

  /// The same as a finding.
  func finding(pair: String, check: String, seconds: Double) -> ConformanceFinding {
    let (outcome, detail): (ConformanceFinding.Outcome, String) =
      switch self {
      case .passed(let detail): (.passed, detail)
      case .failed(let detail): (.failed, detail)
      case .notApplicable(let detail): (.notApplicable, detail)
      }
    return ConformanceFinding(
      pair: pair, check: check, outcome: outcome, detail: detail, seconds: seconds)
  }
}
