public import Foundation
public import TesseraPlugin

/// What has been installed.
public struct InstalledPlugin: Sendable {
  /// Its name, which is that of its folder.
  public let id: String
  /// How it is made.
  public let kind: PluginKind
  /// Its folder.
  public let url: URL
  /// Its pairs.
  public let pairs: [PairDescription]
  /// Whether it took the place of another.
  public let isReplacement: Bool
  /// For code: a digest of all its files as they are trusted now.
  public let trusted: String?
  /// What could not be checked, one line each.
  public let notes: [String]
}
