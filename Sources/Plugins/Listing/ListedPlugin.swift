public import Foundation

/// A plugin as `tessera plugin list` shows it; nothing of it has been run.
public struct ListedPlugin: Sendable {
  /// Whether its pairs can be used.
  public enum State: Sendable, Hashable {
    /// It has no code, and is not asked.
    case plain
    /// Its code is as the user installed it.
    case trusted
    /// Its code runs as it is, because the user named its place or the installation has it.
    case unasked
    /// It is not used, for this reason.
    case broken(String)

    /// In words.
    public var title: String {
      switch self {
      case .plain: "no code"
      case .trusted: "trusted"
      case .unasked: "code, runs unasked"
      case .broken(let reason): reason
      }
    }
  }

  /// The name in its manifest, or that of its folder where that cannot be read.
  public let id: String
  /// How it is made, where that can be told.
  public let kind: PluginKind?
  /// Version of its pairs, where that is known without running it.
  public let version: String?
  /// Title of its pairs, where that is known without running it.
  public let title: String?
  /// The pairs that its manifest lists.
  public let pairs: [String]
  /// Where it was found.
  public let place: PluginPlace
  /// Its folder or library.
  public let url: URL
  /// Whether its pairs can be used.
  public let state: State
}
