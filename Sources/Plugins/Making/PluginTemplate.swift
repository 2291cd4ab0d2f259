import Base
public import Foundation
public import Translation

/// The files of a new plugin: complete, so that it builds and translates before anything is changed.
public struct PluginTemplate: Sendable {
  /// Contents by path below the folder.
  private var files: [String: Data] = [:]

  static let action = "making the plugin"

  /// Adds a text.
  mutating func add(_ path: String, _ text: String) { add(path, Data(text.utf8)) }

  /// Adds a file.
  mutating func add(_ path: String, _ data: Data) { files[path] = data }

  /// Writes the folder, complete or not at all.
  public func write(to url: URL) throws(TesseraError) {
    try AtomicFolder.write(files, to: url.path, action: Self.action)
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
    init(_ name: String) throws(TesseraError) {
      id = PluginName.kebab(name)
      guard PluginName.isValid(id) else {
        throw TesseraError(
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
