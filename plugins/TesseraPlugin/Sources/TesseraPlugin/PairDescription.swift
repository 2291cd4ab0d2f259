/// What the user is told about a pair, and what the engine checks before it runs one.
public struct PairDescription: Sendable, Hashable {
  /// Identifier for `--pair`, in kebab case.
  public let id: String
  /// A title of a few words.
  public let title: String
  /// What goes in, such as "H&E slide".
  public let sourceDomain: String
  /// What comes out.
  public let targetDomain: String
  /// Version of the pair; a new one makes finished outputs stale.
  public let version: String
  /// Licence of the pair, as an SPDX identifier.
  public let licence: String
  /// A sentence or two on what the pair does and where it fails.
  public let summary: String
  /// Colour channels it takes, alpha not counted.
  public let channels: Int
  /// Options for `--set`.
  public let options: [PairOption]

  /// Describes a pair.
  public init(
    id: String, title: String, sourceDomain: String, targetDomain: String, version: String,
    licence: String, summary: String, channels: Int, options: [PairOption] = []
  ) {
    self.id = id
    self.title = title
    self.sourceDomain = sourceDomain
    self.targetDomain = targetDomain
    self.version = version
    self.licence = licence
    self.summary = summary
    self.channels = channels
    self.options = options
  }
}
