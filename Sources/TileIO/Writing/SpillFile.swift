import Base
import Foundation

/// Bytes that wait for their place in the output, in a nameless file beside it.
final class SpillFile {
  private let part: AtomicFile
  private let descriptor: Int32
  private(set) var count = 0

  /// Creates the file and takes its name away at once: it is gone with the process.
  init(for target: String) throws(TesseraError) {
    part = try AtomicFile(target, action: ImageOutput.action)
    descriptor = try part.openDescriptor()
    part.discard()
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  func append(_ bytes: UnsafeRawPointer, count length: Int) throws(TesseraError) {
    var done = 0
    while done < length {
      let written = pwrite(descriptor, bytes + done, length - done, off_t(count + done))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        throw part.failure(SystemFailure(code: written < 0 ? errno : ENOSPC))
      }
      done += written
    }
    count += length
  }

  /// Reads bytes that were appended before.
  func read(
    into bytes: UnsafeMutableRawPointer, at offset: Int, count length: Int
  ) throws(TesseraError) {
    var done = 0
    while done < length {
      let found = pread(descriptor, bytes + done, length - done, off_t(offset + done))
      if found < 0 && errno == EINTR { continue }
      guard found > 0 else { throw part.failure(SystemFailure(code: found < 0 ? errno : EIO)) }
      done += found
    }
  }
}
