public import Foundation
public import TesseraPlugin
public import Translation

/// A pair that was found, and where; a network or a program has not been started yet.
public struct CataloguedPair: Sendable {
  /// What there is to run.
  public enum Source: Sendable {
    /// A Swift type: built in, or of a plugin that has been loaded.
    case ready(any DomainPair)
    /// A network in the folder.
    case model(ModelManifest, folder: URL)
    /// A program in the folder.
    case process(ProcessManifest, folder: URL)
  }

  /// What the user is told about it.
  public let description: PairDescription
  /// What there is to run.
  public let source: Source
  /// How it is made.
  public let kind: PluginKind
  /// Where it was found.
  public let place: PluginPlace
  /// The folder or library that it came from; nil for what is built in.
  public let url: URL?
}
