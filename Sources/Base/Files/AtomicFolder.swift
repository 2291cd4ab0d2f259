import Foundation
internal import CBase

/// A folder that is there complete or not at all.
package enum AtomicFolder {
  /// Makes a folder by what `write` puts into a hidden one beside it; folders above it are made as well.
  ///
  /// What has the name already is replaced where `replaces`, at one instant: whoever looks finds the old
  /// folder or the new one, and after any failure the old one.
  package static func write(
    _ target: String, replaces: Bool, action: String,
    willPublish: WillPublish = { _ in },
    _ write: (_ part: String) throws(TesseraError) -> Void
  ) throws(TesseraError) {
    var status = stat()
    let isThere = lstat(target, &status) == 0
    guard replaces || !isThere else {
      throw TesseraError(target, action, "it exists already; choose another name")
    }
    let part = AtomicFile.part(of: target, "tessera-part")
    try? FileManager.default.createDirectory(
      atPath: SystemFailure.directory(of: target), withIntermediateDirectories: true)
    guard mkdir(part, 0o777) == 0 else { throw failure(target, action, errno) }
    defer { try? FileManager.default.removeItem(atPath: part) }
    try write(part)
    try willPublish(part)
    do throws(SystemFailure) {
      try put(part, at: target)
    } catch {
      throw failure(target, action, error.code)
    }
  }

  /// Makes a folder of these contents, by path below it.
  package static func write(
    _ files: [String: Data], to target: String, replaces: Bool = false, action: String
  ) throws(TesseraError) {
    try write(target, replaces: replaces, action: action) { part throws(TesseraError) in
      do {
        for (path, data) in files {
          let file = URL(filePath: part).appending(path: path)
          try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
          try data.write(to: file)
        }
      } catch {
        throw TesseraError(
          target, action,
          "it cannot be written; check that there is room and the folder is writable")
      }
    }
  }

  /// Gives a complete file or folder its name; what had it gets the other, to be removed.
  package static func put(_ part: String, at target: String) throws(SystemFailure) {
    try? OpenFile(part, O_RDONLY).synchronize()
    var status = stat()
    if lstat(target, &status) != 0 {
      guard rename(part, target) == 0 else { throw SystemFailure(code: errno) }
    } else if cbase_exchange(part, target) != 0 {
      // File systems that cannot exchange: two renames, and the old one back where the second fails.
      let old = AtomicFile.part(of: target, "tessera-part-old")
      guard rename(target, old) == 0 else { throw SystemFailure(code: errno) }
      guard rename(part, target) == 0 else {
        let code = errno
        rename(old, target)
        throw SystemFailure(code: code)
      }
      rename(old, part)
    }
    AtomicFile.synchronizeDirectory(of: target)
  }

  private static func failure(_ target: String, _ action: String, _ code: Int32) -> TesseraError {
    TesseraError(target, action, SystemFailure(code: code).whileWriting)
  }
}
