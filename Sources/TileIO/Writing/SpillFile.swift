import Foundation

/// Bytes that wait for their place in the output, in a nameless file beside it.
final class SpillFile {
  private let target: String
  private let descriptor: Int32
  private(set) var count = 0

  /// Creates the file and takes its name away at once: it is gone with the process.
  init(for target: String) throws(ImageError) {
    self.target = target
    let part = try PartFile(for: target)
    descriptor = try part.openDescriptor()
    part.discard()
  }

  deinit { close(descriptor) }

  /// Appends bytes.
  func append(_ bytes: UnsafeRawPointer, count length: Int) throws(ImageError) {
    var done = 0
    while done < length {
      let written = pwrite(descriptor, bytes + done, length - done, off_t(count + done))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw PartFile.error(written < 0 ? errno : ENOSPC, target) }
      done += written
    }
    count += length
  }

  /// Reads bytes that were appended before.
  func read(
    into bytes: UnsafeMutableRawPointer, at offset: Int, count length: Int
  ) throws(ImageError) {
    var done = 0
    while done < length {
      let found = pread(descriptor, bytes + done, length - done, off_t(offset + done))
      if found < 0 && errno == EINTR { continue }
      guard found > 0 else { throw PartFile.error(found < 0 ? errno : EIO, target) }
      done += found
    }
  }
}
