/// What one check found out about one pair.
public struct ConformanceFinding: Codable, Sendable, Hashable {
  /// How a check ended.
  public enum Outcome: String, Codable, Sendable {
    /// The pair keeps to it.
    case passed
    /// The pair does not.
    case failed
    /// There is nothing to check.
    case notApplicable = "not applicable"
  }

  /// Identifier of the pair; empty for what concerns the whole plugin.
  public let pair: String
  /// Name of the check.
  public let check: String
  /// How it ended.
  public let outcome: Outcome
  /// What was measured, or why, in one line.
  public let detail: String
  /// How long it took.
  public let seconds: Double

  /// States a finding; line breaks in `detail` become semicolons.
  public init(
    pair: String, check: String, outcome: Outcome, detail: String, seconds: Double = 0
  ) {
    self.pair = pair
    self.check = check
    self.outcome = outcome
    self.detail = detail.split(whereSeparator: \.isNewline).joined(separator: "; ")
    self.seconds = (seconds * 1000).rounded() / 1000
  }

  /// The same in other words.
  package func replacingDetail(_ detail: String) -> ConformanceFinding {
    ConformanceFinding(
      pair: pair, check: check, outcome: outcome, detail: detail, seconds: seconds)
  }
}
