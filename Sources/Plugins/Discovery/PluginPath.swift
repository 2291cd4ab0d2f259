public import Foundation

/// The places where plugins are looked for.
public struct PluginPath: Sendable {
  /// What was named with `--plugin`: plugins, or folders of plugins.
  public var named: [String]
  /// What `TESSERA_PLUGIN_PATH` names, in its order.
  public var environment: [String]
  /// The user's folder of plugins.
  public var user: URL
  /// The folder of plugins of the installation.
  public var system: URL

  /// The packages that are part of the program, beside it; nil where there are none.
  public var builtIn: URL?

  /// States all places.
  public init(
    named: [String], environment: [String], user: URL, system: URL, builtIn: URL? = nil
  ) {
    self.builtIn = builtIn
    self.named = named
    self.environment = environment
    self.user = user
    self.system = system
  }

  /// The places of this machine and this program.
  public init(
    named: [String] = [],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.init(
      named: named,
      environment: (environment["TESSERA_PLUGIN_PATH"] ?? "").split(separator: ":").map(
        String.init),
      user: Self.userData(environment).appending(path: "plugins", directoryHint: .isDirectory),
      system: Self.programFolder.appending(path: "plugins", directoryHint: .isDirectory),
      builtIn: Self.programFolder.appending(
        path: Self.packagesName, directoryHint: .isDirectory))
  }

  /// What the package manager calls the resources of the target LearnedPairs.
  #if os(macOS)
    static let packagesName = "tessera_LearnedPairs.bundle"
  #else
    static let packagesName = "tessera_LearnedPairs.resources"
  #endif

  /// The folder that holds the program itself, whatever link led to it.
  public static var programFolder: URL {
    let program = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return program.resolvingSymlinksInPath().deletingLastPathComponent()
  }

  /// The user's folder of Tessera: `$XDG_DATA_HOME/tessera`, `~/.local/share/tessera`, on macOS
  /// `~/Library/Application Support/tessera`.
  static func userData(_ environment: [String: String]) -> URL {
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") {
      return URL(filePath: data, directoryHint: .isDirectory).appending(path: "tessera")
    }
    let home = environment["HOME"].map { URL(filePath: $0, directoryHint: .isDirectory) }
    #if os(macOS)
      let folder = "Library/Application Support/tessera"
    #else
      let folder = ".local/share/tessera"
    #endif
    return (home ?? FileManager.default.homeDirectoryForCurrentUser).appending(
      path: folder, directoryHint: .isDirectory)
  }
}

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
