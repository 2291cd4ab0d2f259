/// Where a plugin was found, in the order in which places are asked: the first to have a pair wins.
public enum PluginPlace: Int, Sendable, Comparable, CaseIterable {
  /// Named with `--plugin`.
  case named
  /// In `TESSERA_PLUGIN_PATH`.
  case environment
  /// Part of the program: nothing that was installed replaces it unasked.
  case builtIn
  /// The user's own folder, where `tessera plugin install` puts plugins.
  case user
  /// The folder that comes with the installation.
  case system

  /// In words, for `tessera pairs`.
  public var title: String {
    switch self {
    case .named: "--plugin"
    case .environment: "TESSERA_PLUGIN_PATH"
    case .builtIn: "built in"
    case .user: "installed"
    case .system: "system"
    }
  }

  /// Earlier places come first.
  public static func < (a: PluginPlace, b: PluginPlace) -> Bool { a.rawValue < b.rawValue }
}
