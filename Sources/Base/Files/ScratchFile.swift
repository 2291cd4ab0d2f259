import Foundation

/// A temporary file without a name in `TMPDIR`: it goes with its last owner, however that ends.
///
/// Any number of threads may read and write different parts of it.
package final class ScratchFile: Sendable {
  private let descriptor: Int32
  private let directory = FileManager.default.temporaryDirectory.path

  /// Makes a file.
  package init() throws(TesseraError) {
    var template = Array("\(directory)/tessera-scratch-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw Self.failure(directory, "making a temporary file") }
    unlink(template)
  }

  deinit { close(descriptor) }

  /// Keeps bytes.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(TesseraError) {
    try transfer(bytes.count, "keeping intermediate results") { done in
      pwrite(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
    }
  }

  /// Gives bytes back.
  package func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(TesseraError)
  {
    try transfer(bytes.count, "reading intermediate results") { done in
      pread(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
    }
  }

  /// The system moves at most 2 GB at once, and less where it likes.
  private func transfer(
    _ count: Int, _ action: String, _ move: (_ done: Int) -> Int
  ) throws(TesseraError) {
    var done = 0
    while done < count {
      errno = 0
      let moved = move(done)
      if moved < 0, errno == EINTR { continue }
      guard moved > 0 else { throw Self.failure(directory, action) }
      done += moved
    }
  }

  private static func failure(_ directory: String, _ action: String) -> TesseraError {
    let reason = errno == 0 ? "the file is shorter than it was" : String(cString: strerror(errno))
    return TesseraError(directory, action, "\(reason); set TMPDIR to another disk")
  }
}
