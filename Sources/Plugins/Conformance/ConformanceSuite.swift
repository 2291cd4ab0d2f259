public import Foundation
public import TesseraPlugin

/// Everything that a pair is held to, in order: what authors run before they give a plugin away.
public struct ConformanceSuite: Sendable {
  /// How thorough it is.
  public let limits: ConformanceLimits

  /// Makes a suite.
  public init(_ limits: ConformanceLimits = ConformanceLimits()) { self.limits = limits }

  /// The checks; what the later ones measure makes sense once the first have passed.
  static let checks: [ConformanceCheck] = [
    ConformanceCheck("description", needsTranslator: false, DescriptionCheck.run),
    ConformanceCheck(calibration, needsTranslator: false, CalibrationCheck.run),
    ConformanceCheck("options", OptionsCheck.run),
    ConformanceCheck("output", OutputCheck.run),
    ConformanceCheck("footprint", FootprintCheck.run),
    ConformanceCheck("deterministic", RepetitionCheck.deterministic),
    ConformanceCheck("hidden-state", RepetitionCheck.hiddenState),
    ConformanceCheck("threads", ThreadsCheck.run),
    ConformanceCheck("tiles", TilesCheck.run),
    ConformanceCheck("blank", needsTranslator: false, PictureCheck.blank.run),
    ConformanceCheck("black", needsTranslator: false, PictureCheck.black.run),
    ConformanceCheck("white", needsTranslator: false, PictureCheck.white.run),
    ConformanceCheck("not-numbers", needsTranslator: false, PictureCheck.notNumbers.run),
    ConformanceCheck("tiny", needsTranslator: false, PictureCheck.tiny.run),
    ConformanceCheck("odd-sizes", needsTranslator: false, PictureCheck.oddSizes.run),
    ConformanceCheck("golden", needsTranslator: false, GoldenCheck.run),
    ConformanceCheck("memory", MemoryCheck.run),
    ConformanceCheck("speed", SpeedCheck.run),
  ]

  /// The check that those which need a translator wait for.
  static let calibration = "calibration"

  /// The names of all checks, in order.
  public static var names: [String] { checks.map(\.name) }

  /// Runs the checks on a pair that has been started and came from `url`, those whose numbers are in `skipped` left out.
  ///
  /// `began` is told the name of each check, `ended` its finding; `isAlive` is called whenever a
  /// window is done. A pair that crashes takes this process with it: see ``ConformanceSupervisor``.
  public func run(
    _ pair: any DomainPair, kind: PluginKind, url: URL? = nil, skipping skipped: Range<Int> = 0..<0,
    began: (String) -> Void = { _ in }, isAlive: @escaping @Sendable () -> Void = {},
    ended: (ConformanceFinding) -> Void = { _ in }
  ) -> [ConformanceFinding] {
    let subject = ConformanceSubject(
      pair, kind: kind, url: url, limits: limits, isAlive: isAlive)
    var findings: [ConformanceFinding] = []
    var obstacle: String?
    for (number, check) in Self.checks.enumerated() where !skipped.contains(number) {
      began(check.name)
      let finding: ConformanceFinding
      if let obstacle, check.needsTranslator {
        finding = ConformanceFinding(
          pair: subject.description.id, check: check.name, outcome: .notApplicable,
          detail: obstacle)
      } else {
        finding = check.run(subject)
      }
      if check.name == Self.calibration, finding.outcome == .failed {
        obstacle = Self.noTranslator
      }
      findings.append(finding)
      ended(finding)
    }
    return findings
  }

  /// Why a check is left out after the calibration has failed.
  static let noTranslator = "the pair cannot be calibrated"
}
