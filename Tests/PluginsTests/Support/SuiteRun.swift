import Plugins
import TesseraPlugin
import TestSupport

/// Findings of a suite that ran in this process.
struct SuiteRun {
  let findings: [ConformanceFinding]

  /// Runs the quick suite, with `windows` where they matter.
  init(_ pair: any DomainPair, windows: Int? = nil, isQuick: Bool = true) {
    findings = ConformanceSuite(ConformanceLimits(isQuick: isQuick, windows: windows)).run(
      pair, kind: .swift)
  }

  /// Runs the quick suite, and only under `SLOW=1` those checks that ``failedFirst`` leaves out.
  init(first pair: any DomainPair) {
    var limits = ConformanceLimits(isQuick: true)
    limits.only = Set(
      cases(ConformanceSuite.names.filter { !Self.later.contains($0) }, slow: Array(Self.later)))
    findings = ConformanceSuite(limits).run(pair, kind: .swift)
  }

  /// Checks that ask what others do of more pictures, windows and settings.
  private static let later: Set = [
    "options", "resolutions", "sizes", "extremes", "overview", "long-run", "other-process",
    "reference",
  ]

  /// The checks that failed.
  var failed: Set<String> { Set(findings.filter { $0.outcome == .failed }.map(\.check)) }

  /// The same without the checks that ask what others do of more pictures, windows and settings.
  var failedFirst: Set<String> { failed.subtracting(Self.later) }

  /// What a check says.
  func detail(_ check: String) -> String {
    findings.first { $0.check == check }?.detail ?? "there is no such check"
  }
}
