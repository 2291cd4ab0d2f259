import Base
internal import CArchive
import Foundation
import Translation

/// An archive, read once from its beginning to its end: zip, tar, tar.gz, tar.xz or tar.zst.
///
/// Nothing is written here, and the names are as they are in the archive.
final class ArchiveReader {
  private let path: String
  private let archive: OpaquePointer
  private let file: OpenFile

  /// Begins to read; `path` is for messages.
  init(_ file: OpenFile, path: String) throws(TesseraError) {
    guard let archive = archive_read_new() else {
      throw TesseraError(path, PluginInstaller.action, "there is no memory to read it")
    }
    self.path = path
    self.file = file
    self.archive = archive
    // A zip is read by the directory at its end, which alone tells links from files.
    archive_read_support_format_zip_seekable(archive)
    archive_read_support_format_tar(archive)
    archive_read_support_filter_gzip(archive)
    archive_read_support_filter_xz(archive)
    archive_read_support_filter_zstd(archive)
    do throws(SystemFailure) {
      try file.rewind()
    } catch {
      throw TesseraError(path, PluginInstaller.action, error.whileReading)
    }
    guard archive_read_open_fd(archive, file.descriptor, 1 << 16) == ARCHIVE_OK else {
      throw failure
    }
  }

  deinit { archive_read_free(archive) }

  /// Goes on to the next entry; nil behind the last.
  func next() throws(TesseraError) -> InstallEntry? {
    var entry: OpaquePointer?
    var name: UnsafePointer<CChar>?
    switch carchive_next(archive, &entry, &name) {
    case ARCHIVE_OK, ARCHIVE_WARN: break
    case ARCHIVE_EOF:
      guard !carchive_lacks_end(archive) else {
        throw TesseraError(
          path, PluginInstaller.action, "it is truncated: the end is missing; copy it again")
      }
      return nil
    default: throw failure
    }
    guard let entry else { throw failure }
    // The second of two is the file itself.
    guard archive_filter_count(archive) <= 2 else {
      throw TesseraError(
        path, PluginInstaller.action, "it is compressed more than once; unpack it first")
    }
    let kind: InstallEntry.Kind =
      switch carchive_kind(entry) {
      case CARCHIVE_FILE: .file
      case CARCHIVE_FOLDER: .folder
      case CARCHIVE_SYMBOLIC_LINK: .symbolicLink
      case CARCHIVE_HARD_LINK: .hardLink
      default: .special
      }
    return InstallEntry(
      name: name.flatMap { String(validatingCString: $0) }, kind: kind,
      size: Int(clamping: archive_entry_size(entry)),
      isExecutable: archive_entry_mode(entry) & 0o100 != 0,
      isEncrypted: archive_entry_is_encrypted(entry) != 0)
  }

  /// Fills the beginning of `buffer` with the content of the entry; 0 bytes at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(TesseraError) -> Int {
    let count = archive_read_data(archive, buffer.baseAddress, buffer.count)
    guard count >= 0 else { throw failure }
    return count
  }

  /// What libarchive complained about.
  private var failure: TesseraError {
    let message = archive_error_string(archive).map { String(cString: $0) } ?? "unknown failure"
    guard archive_format(archive) == 0, message.hasPrefix("Unrecognized") else {
      return TesseraError(
        path, PluginInstaller.action,
        "it is truncated or damaged (\(message.inOneLine)); copy it again")
    }
    return TesseraError(path, PluginInstaller.action, absence)
  }

  /// Why there is no archive.
  private var absence: String {
    var start = [UInt8](repeating: 0, count: 2)
    let count = start.withUnsafeMutableBytes { pread(file.descriptor, $0.baseAddress, 2, 0) }
    if count == 0 { return "it is empty" }
    if start == Array("PK".utf8) {
      return "it is a zip archive that is truncated or damaged; copy it again"
    }
    return "it is no archive (zip, tar, tar.gz, tar.xz or tar.zst), no folder and no library"
  }
}
