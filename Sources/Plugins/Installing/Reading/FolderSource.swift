import Base
import Foundation
import Translation

/// A folder or a single file that a plugin is copied from.
struct FolderSource {
  private let path: String

  /// Copies from a source; `path` is for messages.
  init(_ path: String) { self.path = path }

  /// Copies everything in `folder` that a plugin may have; links are refused, hidden files left out.
  func copy(_ folder: String, into writer: inout ContentWriter) throws(TesseraError) {
    try copy(folder, "", &writer)
  }

  /// Copies one file.
  func copy(file: String, into writer: inout ContentWriter) throws(TesseraError) {
    try copy(file, as: URL(filePath: file).lastPathComponent, &writer)
  }

  private func copy(
    _ folder: String, _ prefix: String, _ writer: inout ContentWriter
  ) throws(TesseraError) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    } catch {
      throw TesseraError(path, PluginInstaller.action, "\(folder) cannot be read")
    }
    for name in names where !EntryName(name).isLeftOut {
      try copy("\(folder)/\(name)", as: prefix + name, &writer)
    }
  }

  private func copy(
    _ file: String, as name: String, _ writer: inout ContentWriter
  ) throws(TesseraError) {
    var status = stat()
    guard lstat(file, &status) == 0 else {
      throw refusal(name, SystemFailure(code: errno))
    }
    var entry = InstallEntry(name: name, kind: Self.kind(status), size: Int(status.st_size))
    entry.isExecutable = status.st_mode & 0o100 != 0
    switch entry.kind {
    case .folder:
      // Its own size says nothing.
      entry.size = 0
      try writer.add(entry) { _ throws(TesseraError) in 0 }
      try copy(file, name + "/", &writer)
    case .file:
      let content: OpenFile
      do throws(SystemFailure) {
        content = try OpenFile(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        // What was looked at above may be something else by now.
        entry.kind = Self.kind(try content.status)
      } catch {
        throw refusal(name, error)
      }
      try writer.add(entry) { buffer throws(TesseraError) in
        do throws(SystemFailure) {
          return try content.read(into: buffer)
        } catch {
          throw refusal(name, error)
        }
      }
    case .symbolicLink, .hardLink, .special:
      try writer.add(entry) { _ throws(TesseraError) in 0 }
    }
  }

  private static func kind(_ status: stat) -> InstallEntry.Kind {
    switch status.st_mode & S_IFMT {
    case S_IFREG: .file
    case S_IFDIR: .folder
    case S_IFLNK: .symbolicLink
    default: .special
    }
  }

  private func refusal(_ name: String, _ failure: SystemFailure) -> TesseraError {
    TesseraError(
      path, PluginInstaller.action, "'\(name.inOneLine)': \(failure.whileReading)")
  }
}
