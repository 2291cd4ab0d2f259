/// What a pair decides after seeing the overview of an image.
public struct Calibration: Sendable {
  /// What happens to the pixels.
  public enum Outcome: Sendable {
    /// They go through this translator.
    case translate(any TileTranslator)
    /// They are copied unchanged, for this reason.
    case copy(reason: String)
  }

  /// What happens to the pixels.
  public var outcome: Outcome
  /// The foreground, if the pair knows it: `--keep-background` copies everything else.
  public var foreground: RegionMask?
  /// What was fitted, for the report.
  public var summary: [String: PairValue]
  /// What was measured, as the contents of a file that the pair takes back for other images.
  public var sidecar: [UInt8]?

  /// Creates a decision.
  public init(
    _ outcome: Outcome, foreground: RegionMask? = nil, summary: [String: PairValue] = [:]
  ) {
    self.outcome = outcome
    self.foreground = foreground
    self.summary = summary
  }
}
