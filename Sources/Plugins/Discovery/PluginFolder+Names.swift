import Foundation

extension PluginFolder {
  /// The plugin's name: that of a manifest, or of a library without one.
  var name: String {
    switch content {
    case .model(let manifest): manifest.id
    case .process(let manifest): manifest.id
    case .swift(let library, let manifest): manifest?.id ?? Self.name(of: library)
    }
  }

  /// The pairs that its manifest lists; none for a library without one.
  var listedPairs: [String] {
    switch content {
    case .model(let manifest): [manifest.id]
    case .process(let manifest): [manifest.id]
    case .swift(_, let manifest): manifest?.pairs ?? []
    }
  }

  /// `libStainTransfer.so` is called `stain-transfer`.
  static func name(of library: URL) -> String {
    let stem = library.deletingPathExtension().lastPathComponent
    return PluginName.kebab(stem.hasPrefix("lib") ? String(stem.dropFirst(3)) : stem)
  }
}
