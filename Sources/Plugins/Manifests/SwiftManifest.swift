/// What `plugin.json` beside a built Swift plugin says; `tessera plugin build` writes it.
public struct SwiftManifest: Codable, Sendable, Hashable, CheckedManifest {
  /// Name of the file.
  public static let name = "plugin.json"
  /// Version of the layout.
  public static let currentFormat = 1

  /// Version of the layout that the file has.
  public var format = SwiftManifest.currentFormat
  /// Name of the plugin, in kebab case: that of its folder once installed.
  public var id: String
  /// The library beside it.
  public var library: String
  /// SHA-256 of the library, in hexadecimal.
  public var sha256: String
  /// Version of the plugin interface that it was built against.
  public var abi: Int32
  /// The compiler that built it.
  public var toolchain: String
  /// The pairs that it registers.
  public var pairs: [String]
  /// The bundles of its resources beside it; nil where it has none.
  public var resources: [String]?

  var fault: String? {
    guard format == Self.currentFormat else {
      return "it is of format \(format), this version of tessera reads \(Self.currentFormat)"
    }
    guard PluginName.isValid(id) else { return "its id '\(id)' is not in kebab case" }
    for name in [library] + (resources ?? []) where !PluginName.isFileName(name) {
      return "'\(name)' is no file beside it"
    }
    return nil
  }
}
