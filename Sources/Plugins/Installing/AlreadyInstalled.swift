/// There is a plugin of this name, and it was not to be replaced.
public struct AlreadyInstalled: Error, Sendable, CustomStringConvertible {
  /// What was to be installed, as the user named it.
  public let source: String
  /// The name.
  public let id: String

  /// One line: what is in the way and what to do.
  public var description: String {
    "\(source): \(PluginInstaller.action): \(id) is installed already; use --overwrite to replace it"
  }
}
