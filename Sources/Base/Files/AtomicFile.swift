import Foundation

/// Hears where a complete file or folder lies that is about to take its name, and may refuse.
public typealias WillPublish = @Sendable (_ part: String) throws(TesseraError) -> Void

/// A file that grows beside its target under a hidden name and takes the target's name when done.
package final class AtomicFile {
  /// What the user asked for.
  package let target: String
  /// Where the bytes go meanwhile: in the same directory, so that a rename suffices.
  package let path: String
  private let action: String
  private let willPublish: WillPublish
  private var file: OpenFile?
  private var isOpen = true

  /// Creates the file; `action` is for messages.
  ///
  /// Its name ends in `ending` meanwhile, for libraries that tell formats by that.
  package init(
    _ target: String, action: String, ending: String = "",
    willPublish: @escaping WillPublish = { _ in }
  ) throws(TesseraError) {
    (self.target, self.action, self.willPublish) = (target, action, willPublish)
    if let fault = Self.fault(of: target, action: action) { throw fault }
    path = Self.part(of: target, "tessera-part") + (ending.isEmpty ? "" : ".\(ending)")
    do throws(SystemFailure) {
      file = try OpenFile(path, O_CREAT | O_EXCL | O_RDWR, mode: 0o666)
    } catch {
      isOpen = false
      throw failure(error)
    }
  }

  deinit { discard() }

  /// Writes a file; `action` is for messages.
  package static func write(
    _ content: Data, to path: String, action: String
  ) throws(TesseraError) {
    let file = try AtomicFile(path, action: action)
    try file.append(content)
    try file.publish()
  }

  /// Adds bytes at the end.
  package func append(_ data: Data) throws(TesseraError) {
    do throws(SystemFailure) { try file?.append(data) } catch { throw failure(error) }
  }

  /// Opens the file for reading and writing; who opens it closes it.
  package func openDescriptor() throws(TesseraError) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(SystemFailure(code: errno)) }
    return descriptor
  }

  /// Waits until the bytes are on the disk.
  package func synchronize() throws(TesseraError) {
    do throws(SystemFailure) { try file?.synchronize() } catch { throw failure(error) }
  }

  /// Waits until the bytes are on the disk, and gives the file its name; replaces what was there.
  package func publish() throws(TesseraError) {
    try synchronize()
    try willPublish(path)
    guard rename(path, target) == 0 else { throw failure(SystemFailure(code: errno)) }
    isOpen = false
    Self.synchronizeDirectory(of: target)
  }

  /// Removes the file unless it was published.
  package func discard() {
    guard isOpen else { return }
    isOpen = false
    unlink(path)
  }

  /// Why `target` cannot be created, as far as that shows without trying.
  package static func fault(of target: String, action: String) -> TesseraError? {
    func fault(_ code: Int32) -> TesseraError {
      TesseraError(target, action, SystemFailure(code: code).whileWriting(target))
    }
    if SystemFailure.isDirectory(target) { return fault(EISDIR) }
    let folder = SystemFailure.directory(of: target)
    var status = stat()
    guard stat(folder, &status) == 0 else { return fault(errno) }
    guard SystemFailure.isDirectory(folder) else { return fault(ENOTDIR) }
    return access(folder, W_OK | X_OK) == 0 ? nil : fault(errno)
  }

  /// Says what stopped a file from being written.
  package func failure(_ failure: SystemFailure) -> TesseraError {
    TesseraError(target, action, failure.whileWriting(target))
  }

  /// A hidden name beside `target` that nothing has; names may have 255 bytes.
  static func part(of target: String, _ ending: String) -> String {
    let name = (target as NSString).lastPathComponent
    let stem = String(decoding: name.utf8.prefix(180), as: UTF8.self)
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    return (SystemFailure.directory(of: target) as NSString).appendingPathComponent(
      ".\(stem).\(random).\(ending)")
  }

  static func synchronizeDirectory(of target: String) {
    // Some file systems refuse to synchronize a directory; the file itself is safe by then.
    try? OpenFile(SystemFailure.directory(of: target), O_RDONLY).synchronize()
  }
}
