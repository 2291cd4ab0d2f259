import Foundation

/// A file that grows beside its target under a hidden name and takes the target's name when done.
package final class NewFile {
  private let target: String
  private let action: String
  private let part: String
  private var descriptor: Int32

  /// Starts the file; `action` is for messages.
  package init(_ target: String, action: String) throws(CheckpointError) {
    self.target = target
    self.action = action
    let url = URL(filePath: target)
    // Names may have 255 bytes.
    let stem = String(decoding: url.lastPathComponent.utf8.prefix(180), as: UTF8.self)
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    part =
      url.deletingLastPathComponent().appending(path: ".\(stem).\(random).tessera-part").path
    descriptor = open(part, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.error(errno, target, action) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(part)
  }

  /// Adds bytes at the end.
  package func append(_ data: Data) throws(CheckpointError) {
    let descriptor = descriptor
    let fault = data.withUnsafeBytes { bytes -> Int32 in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : ENOSPC }
        rest = rest.dropFirst(count)
      }
      return 0
    }
    guard fault == 0 else { throw Self.error(fault, target, action) }
  }

  /// Waits until the bytes are on the disk, and gives the file its name.
  package func publish() throws(CheckpointError) {
    guard fsync(descriptor) == 0, rename(part, target) == 0 else {
      throw Self.error(errno, target, action)
    }
    close(descriptor)
    descriptor = -1
    // Some file systems refuse to synchronize a directory; the file itself is safe by then.
    let folder = open(URL(filePath: target).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    _ = fsync(folder)
    close(folder)
  }

  private static func error(
    _ code: Int32, _ target: String, _ action: String
  ) -> CheckpointError {
    CheckpointError(target, action, SystemFault.reason(code))
  }
}
