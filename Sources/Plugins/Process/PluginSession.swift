/// An image that windows come from, as every copy of a program is told of it.
struct PluginSession: Sendable {
  /// What windows refer to it by.
  let number: UInt32
  /// What a copy is told before its first window.
  let opening: PluginMessage
}
