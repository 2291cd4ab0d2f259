import Base
import Foundation
import Translation

/// A hidden folder beside the plugins, in which one is made ready; it goes away with the value.
final class PartFolder: Sendable {
  /// What the names of all of them end with.
  static let suffix = ".tessera-part"
  /// Holds a plugin that is being replaced, under its own name, until the new one is in its place.
  private static let replacedName = "replaced"

  /// Where it is.
  let url: URL

  /// Makes one in the folder of plugins.
  init(in plugins: URL) throws(TesseraError) {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    url = plugins.appending(path: ".install-\(random)\(Self.suffix)", directoryHint: .isDirectory)
    for folder in [url, content, replaced] {
      // Its owner's own, so that nothing comes in while it is checked.
      guard mkdir(folder.path, 0o700) == 0 else {
        throw TesseraError(
          plugins.path, PluginInstaller.action, SystemFailure(code: errno).whileWriting)
      }
    }
    chmod(content.path, 0o755)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The folder for the plugin's files.
  var content: URL { url.appending(path: "content", directoryHint: .isDirectory) }

  private var replaced: URL {
    url.appending(path: Self.replacedName, directoryHint: .isDirectory)
  }

  /// Gives `folder`, a part of the content, its place; what is there goes away.
  func publish(_ folder: URL, as target: URL) throws(TesseraError) {
    do throws(SystemFailure) {
      try AtomicFolder.put(folder.path, at: target.path)
    } catch {
      throw TesseraError(target.path, PluginInstaller.action, error.whileWriting)
    }
  }

  /// Moves a plugin in here, to go away with the folder.
  func take(_ plugin: URL) throws(TesseraError) {
    guard rename(plugin.path, content.appending(path: plugin.lastPathComponent).path) == 0 else {
      throw TesseraError(
        plugin.path, PluginInstaller.removal, SystemFailure(code: errno).whileWriting)
    }
  }

  /// Removes what processes that were killed have left in a folder of plugins, and puts back what
  /// they were about to replace; nobody else may be at work in it.
  static func removeStale(in plugins: URL) {
    let files = FileManager.default
    for name in (try? files.contentsOfDirectory(atPath: plugins.path)) ?? []
    where name.hasPrefix(".") && name.hasSuffix(suffix) {
      let part = plugins.appending(path: name)
      let replaced = part.appending(path: replacedName)
      for plugin in (try? files.contentsOfDirectory(atPath: replaced.path)) ?? [] {
        let target = plugins.appending(path: plugin)
        if !files.fileExists(atPath: target.path) {
          rename(replaced.appending(path: plugin).path, target.path)
        }
      }
      try? files.removeItem(at: part)
    }
  }
}
