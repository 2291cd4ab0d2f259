/// How a check ended, with the number or the reason in one line.
enum ConformanceResult: Sendable, Hashable {
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

/// Ends a check early.
struct ConformanceFault: Error {
  /// How the check ends.
  let result: ConformanceResult

  /// The pair fails the check.
  static func failed(_ detail: String) -> ConformanceFault {
    ConformanceFault(result: .failed(detail))
  }

  /// There is nothing to check.
  static func notApplicable(_ detail: String) -> ConformanceFault {
    ConformanceFault(result: .notApplicable(detail))
  }

  /// The same, said of one of several pictures or settings.
  func prefixed(_ what: String) -> ConformanceFault {
    switch result {
    case .passed(let detail): ConformanceFault(result: .passed("\(what): \(detail)"))
    case .failed(let detail): .failed("\(what): \(detail)")
    case .notApplicable(let detail): .notApplicable("\(what): \(detail)")
    }
  }
}
