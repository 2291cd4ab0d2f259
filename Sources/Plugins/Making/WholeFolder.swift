import Foundation
import Translation

/// A folder that is written complete or not at all.
struct WholeFolder {
  /// Contents by path below the folder.
  var files: [String: Data] = [:]

  /// Writes it to `url`, in the place of what is there where `replaces` is set; `action` is for the
  /// line about a failure.
  func write(to url: URL, replaces: Bool = false, action: String) throws(PackageError) {
    let manager = FileManager.default
    guard replaces || !manager.fileExists(atPath: url.path) else {
      throw PackageError(url.path, action, "it exists already; choose another name")
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
      if replaces { try? manager.removeItem(at: url) }
      try manager.moveItem(at: part, to: url)
    } catch {
      try? manager.removeItem(at: part)
      throw PackageError(
        url.path, action,
        "it cannot be written; check that there is room and the folder is writable")
    }
  }
}
