public import Foundation
public import TesseraPlugin

/// Everything that a pair is held to, in order: what authors run before they give a plugin away.
public struct ConformanceSuite: Sendable {
  /// How thorough it is.
  public let limits: ConformanceLimits
  /// What the user chose for the pair.
  public let choices: ConformanceChoices

  /// Makes a suite.
  public init(
    _ limits: ConformanceLimits = ConformanceLimits(),
    choices: ConformanceChoices = ConformanceChoices()
  ) {
    self.limits = limits
    self.choices = choices
  }

  /// The checks; what the later ones measure makes sense once the first have passed.
  static let checks: [ConformanceCheck] = [
    ConformanceCheck("description", needsTranslator: false, DescriptionCheck.run),
    ConformanceCheck(calibration, needsTranslator: false, CalibrationCheck.run),
    ConformanceCheck("reference", needsTranslator: false, ReferenceCheck.run),
    ConformanceCheck("output", OutputCheck.run),
    ConformanceCheck("footprint", FootprintCheck.run),
    ConformanceCheck("options", OptionsCheck.run),
    ConformanceCheck("resolutions", OptionsCheck.resolutions),
    ConformanceCheck("sizes", SizesCheck.sizes),
    ConformanceCheck("extremes", SizesCheck.extremes),
    ConformanceCheck("overview", OverviewCheck.run),
    ConformanceCheck("deterministic", RepetitionCheck.deterministic),
    ConformanceCheck("hidden-state", RepetitionCheck.hiddenState),
    ConformanceCheck("long-run", LongRunCheck.state),
    ConformanceCheck("other-process", LongRunCheck.otherProcess),
    ConformanceCheck("threads", ThreadsCheck.run),
    ConformanceCheck("tiles", TilesCheck.run),
    ConformanceCheck("blank", needsTranslator: false, PictureCheck.blank.run),
    ConformanceCheck("black", needsTranslator: false, PictureCheck.black.run),
    ConformanceCheck("white", needsTranslator: false, PictureCheck.white.run),
    ConformanceCheck("not-numbers", needsTranslator: false, PictureCheck.notNumbers.run),
    ConformanceCheck("tiny", needsTranslator: false, PictureCheck.tiny.run),
    ConformanceCheck("odd-sizes", needsTranslator: false, PictureCheck.oddSizes.run),
    ConformanceCheck("golden", needsTranslator: false, GoldenCheck.run),
    ConformanceCheck("memory", MemoryCheck.windows),
    ConformanceCheck("image-memory", MemoryCheck.images),
    ConformanceCheck("speed", SpeedCheck.run),
    ConformanceCheck("restarts", needsTranslator: false, RestartsCheck.run),
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
      pair, kind: kind, url: url, choices: choices, limits: limits, isAlive: isAlive)
    return run(subject, skipping: skipped, began: began, ended: ended)
  }

  /// The same for a subject that has been made ready.
  func run(
    _ subject: ConformanceSubject, skipping skipped: Range<Int>, began: (String) -> Void,
    ended: (ConformanceFinding) -> Void
  ) -> [ConformanceFinding] {
    var findings: [ConformanceFinding] = []
    var obstacle: String?
    for (number, check) in Self.checks.enumerated() where !skipped.contains(number) {
      began(check.name)
      subject.begin()
      let finding: ConformanceFinding
      if let only = subject.limits.only, number > 1, !only.contains(check.name) {
        finding = ConformanceFinding(
          pair: subject.description.id, check: check.name, outcome: .notApplicable,
          detail: "left out by --only")
      } else if let obstacle, check.needsTranslator {
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

/// What the user chose for the pair that is checked.
public struct ConformanceChoices: Sendable {
  /// Options that have these values throughout.
  public var options: [String: String] = [:]
  /// The reference, already fitted.
  public var reference: PairValue?

  /// Leaves all to the pair.
  public init() {}
}

/// How thorough a suite is.
public struct ConformanceLimits: Sendable, Hashable {
  /// Windows over which memory must be steady.
  public var windows: Int
  /// The longest that a check which repeats itself goes on, in seconds.
  public var longest: Double
  /// How long threads are let loose on a translator, in seconds.
  public var threading: Double
  /// How long each speed is measured, in seconds.
  public var timing: Double
  /// Whether only the most telling of several trials are made.
  public var isQuick: Bool
  /// The checks to run besides the first two; nil is all.
  public var only: Set<String>?

  /// Everything, or in a few seconds what can be told in them.
  public init(isQuick: Bool = false, windows: Int? = nil) {
    self.isQuick = isQuick
    self.windows = windows ?? (isQuick ? 4000 : 10_000)
    longest = isQuick ? 2 : 20
    threading = isQuick ? 0.6 : 2.5
    timing = isQuick ? 0.25 : 1
  }
}
