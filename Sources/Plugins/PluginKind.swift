/// How a pair is made.
public enum PluginKind: String, Sendable, Codable, CaseIterable {
  /// Part of the program.
  case builtIn = "built-in"
  /// A network with a manifest: no code.
  case model
  /// A dynamic library in Swift.
  case swift
  /// A program in any language, which talks over pipes.
  case process

  /// Whether using it runs code that came with it.
  public var runsCode: Bool { self == .swift || self == .process }
}
