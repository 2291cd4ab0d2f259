/// Ends a check early.
struct ConformanceFault: Error {
  /// How the check ends.
  let verdict: ConformanceVerdict

  /// The pair fails the check.
  static func failed(_ detail: String) -> ConformanceFault {
    ConformanceFault(verdict: .failed(detail))
  }

  /// There is nothing to check.
  static func notApplicable(_ detail: String) -> ConformanceFault {
    ConformanceFault(verdict: .notApplicable(detail))
  }
}
