import Base
import Foundation
import Translation

/// What a plugin is installed from: a folder, an archive or a library.
struct PluginSource {
  private let path: String
  private let sha256: String?
  private let limits: InstallLimits
  private let isCancelled: () -> Bool

  /// States the source, as the user named it, and the digest that a file must have.
  init(
    _ path: String, sha256: String?, limits: InstallLimits, isCancelled: @escaping () -> Bool
  ) {
    self.path = path
    self.sha256 = sha256
    self.limits = limits
    self.isCancelled = isCancelled
  }

  /// Puts everything into a folder that is there and empty.
  func unpack(to folder: URL) throws(TesseraError) {
    let url = URL(filePath: path).absoluteURL.standardizedFileURL
    var status = stat()
    guard stat(url.path, &status) == 0 else {
      throw refusal(
        errno == ENOENT
          ? "there is no such file or folder" : SystemFailure(code: errno).whileReading)
    }
    if status.st_mode & S_IFMT == S_IFDIR { return try copy(url, to: folder) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw refusal("it is neither a file nor a folder")
    }
    let file: OpenFile
    let digest: String?
    do throws(SystemFailure) {
      file = try OpenFile(url.path, O_RDONLY)
      digest =
        sha256 == nil ? nil : try FileDigest.sha256(of: file, isCancelled: isCancelled)
    } catch {
      throw refusal(error.whileReading)
    }
    guard !isCancelled() else { throw PluginInstaller.interruption(path) }
    if let digest, let sha256, digest != sha256.lowercased() {
      throw refusal(
        "its sha256 is \(digest) and not the one that was given: it is damaged or another file;"
          + " nothing of it was used")
    }
    var writer = ContentWriter(
      folder, source: path, limits: limits,
      archiveSize: PluginFolder.isLibrary(url) ? nil : Int(status.st_size),
      isCancelled: isCancelled)
    if PluginFolder.isLibrary(url) {
      return try FolderSource(path).copy(file: url.path, into: &writer)
    }
    let archive = try ArchiveReader(file, path: path)
    while let entry = try archive.next() {
      guard !isCancelled() else { throw PluginInstaller.interruption(path) }
      try writer.add(entry) { buffer throws(TesseraError) in try archive.read(into: buffer) }
    }
  }

  private func copy(_ source: URL, to folder: URL) throws(TesseraError) {
    guard sha256 == nil else { throw refusal("--sha256 is for an archive, and this is a folder") }
    let plugin: PluginFolder
    do throws(TesseraError) {
      plugin = try PluginFolder(source)
    } catch {
      throw refusal(error.reason)
    }
    var writer = ContentWriter(folder, source: path, limits: limits, isCancelled: isCancelled)
    try FolderSource(path).copy(plugin.url.path, into: &writer)
  }

  private func refusal(_ reason: String) -> TesseraError {
    TesseraError(path, PluginInstaller.action, reason)
  }
}
