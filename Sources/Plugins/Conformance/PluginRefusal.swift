/// Why a plugin cannot be opened, as the process that tried says it.
public struct PluginRefusal: Error, Sendable, CustomStringConvertible {
  /// The message, which names the plugin.
  public let description: String

  /// Passes a message on.
  init(_ description: String) { self.description = description }
}
