import Base
import Foundation
import Translation

/// A folder that is written complete or not at all.
struct WholeFolder {
  /// Contents by path below the folder.
  var files: [String: Data] = [:]

  /// Writes it to `url`, in the place of what is there where `replaces` is set; `action` is for the
  /// line about a failure.
  func write(to url: URL, replaces: Bool = false, action: String) throws(TesseraError) {
    try AtomicFolder.write(url.path, replaces: replaces, action: action) {
      part throws(TesseraError) in
      do {
        for (path, data) in files {
          let file = URL(filePath: part).appending(path: path)
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
          try data.write(to: file)
        }
      } catch {
        throw TesseraError(
          url.path, action,
          "it cannot be written; check that there is room and the folder is writable")
      }
    }
  }
}
