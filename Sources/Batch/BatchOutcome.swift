public import TesseraPlugin

/// What became of one input; encoded, it is the object that `--json` prints.
public struct BatchOutcome: Encodable, Sendable, Hashable {
  /// How an input ended.
  public enum Status: String, Encodable, Sendable {
    /// Translated and written.
    case translated
    /// Written with its pixels unchanged; the reason says why.
    case copied
    /// Left alone: an earlier run had finished it with the same parameters.
    case skipped
    /// Would be translated: a dry run.
    case planned
    /// Not written; the reason says why.
    case failed
    /// Not written because the run was stopped.
    case cancelled
  }

  /// The file that was read.
  public var input: String
  /// The file that was written.
  public var output: String
  /// The pair.
  public var pair: String
  /// Columns; nil where the image could not be opened.
  public var width: Int?
  /// Rows.
  public var height: Int?
  /// Slices; nil where it is no volume.
  public var slices: Int?
  /// Wall time.
  public var seconds: Double?
  /// Rate, read to written.
  public var megapixelsPerSecond: Double?
  /// Peak memory of the process so far, in MB.
  public var peakMemoryMB: Double?
  /// How it ended.
  public var status: Status
  /// Why it was copied, failed or skipped.
  public var reason: String?
  /// What the user should know although all went well.
  public var note: String?
  /// What the pair measured on it; nil where it says nothing of that.
  public var summary: [String: PairValue]?
  /// Whether the reason lies in the input itself, so that trying again cannot help.
  public var isInputUnusable = false
  /// Whether another try may go well.
  public var isTemporary = false

  private enum CodingKeys: CodingKey {
    case input, output, pair, width, height, slices, seconds, megapixelsPerSecond, peakMemoryMB,
      status
    case reason, note, summary
  }
}
