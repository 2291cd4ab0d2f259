public import Foundation
public import Translation

/// The files of a new plugin: complete, so that it builds and translates before anything is changed.
public struct PluginTemplate: Sendable {
  /// Contents by path below the plugin's folder.
  var files: [String: Data]

  static let action = "making the plugin"

  /// Adds a text.
  mutating func add(_ path: String, _ text: String) { files[path] = Data(text.utf8) }

  /// Writes the folder, complete or not at all.
  public func write(to url: URL) throws(PackageError) {
    let manager = FileManager.default
    guard !manager.fileExists(atPath: url.path) else {
      throw PackageError(url.path, Self.action, "it exists already; choose another name")
    }
    let part = url.deletingLastPathComponent().appending(
      path: ".\(url.lastPathComponent).tessera-part-\(ProcessInfo.processInfo.processIdentifier)",
      directoryHint: .isDirectory)
    do {
      for (path, data) in files {
        let file = part.appending(path: path)
        try manager.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
      }
      try manager.moveItem(at: part, to: url)
    } catch {
      try? manager.removeItem(at: part)
      throw PackageError(
        url.path, Self.action,
        "it cannot be written; check that there is room and the folder is writable")
    }
  }

  /// Names that a new plugin goes by.
  struct Names {
    /// The type, as `StainTransfer`.
    let type: String
    /// The pair, as `stain-transfer`.
    let id: String
    /// A Python module, as `stain_transfer`.
    let module: String
    /// A title, as `Stain transfer`.
    let title: String

    /// Checks a name given by the author.
    init(_ name: String) throws(PackageError) {
      id = PluginName.kebab(name)
      guard PluginName.isValid(id) else {
        throw PackageError(
          name, PluginTemplate.action,
          "it is no name for a plugin; use letters and digits, a letter first, as in StainTransfer")
      }
      let words = id.split(separator: "-")
      type = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
      module = words.joined(separator: "_")
      let text = words.joined(separator: " ")
      title = text.prefix(1).uppercased() + text.dropFirst()
    }
  }

  /// A card to be filled in.
  static func card(_ names: Names, needs: String) -> String {
    """
    # \(names.title)

    Say here what the pair does, in a sentence or two.

        tessera plugin build \(names.type)
        tessera plugin check \(names.type)
        tessera plugin install \(names.type)
        tessera translate photo.jpg --pair \(names.id) --output result.jpg

    | | |
    |---|---|
    | from | photograph |
    | to | photograph in a warm tone |
    | licence | MIT |
    | learned from | nothing |
    | needs | \(needs) |

    **Intended use**: say who should use it, and for what. **Known failures**: say where it fails.

    """
  }
}
