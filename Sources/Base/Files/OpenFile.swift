import Foundation

/// An open file of the operating system, closed with the value.
package final class OpenFile: Sendable {
  /// What the system calls it.
  package let descriptor: Int32

  /// Opens a file; `flags` are those of the system.
  package init(_ path: String, _ flags: Int32, mode: mode_t = 0o644) throws(SystemFailure) {
    descriptor = open(path, flags | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw SystemFailure(code: errno) }
  }

  deinit { close(descriptor) }

  /// What the system knows of it.
  package var status: stat {
    get throws(SystemFailure) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw SystemFailure(code: errno) }
      return status
    }
  }

  /// Goes back to the beginning.
  package func rewind() throws(SystemFailure) {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw SystemFailure(code: errno) }
  }

  /// All bytes from `offset` on.
  package func readToEnd(from offset: Int) throws(SystemFailure) -> Data {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw SystemFailure(code: errno) }
    let buffer = ByteBuffer()
    var content = Data()
    while true {
      let count = try read(into: buffer.bytes)
      if count == 0 { return content }
      content.append(contentsOf: buffer.bytes[..<count])
    }
  }

  /// Fills the beginning of `buffer`; 0 bytes at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemFailure) -> Int {
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { throw SystemFailure(code: errno) }
    }
  }

  /// The bytes from `offset` on, all of them.
  package func bytes(at offset: Int, count: Int) throws(SystemFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let found = bytes.withUnsafeMutableBytes { buffer in
        pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
      }
      if found < 0, errno == EINTR { continue }
      guard found > 0 else { throw SystemFailure(code: found < 0 ? errno : EIO) }
      done += found
    }
    return bytes
  }

  /// Puts bytes at `offset`, which may lie behind the end.
  package func put(_ bytes: [UInt8], at offset: Int) throws(SystemFailure) {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        pwrite(
          descriptor, buffer.baseAddress.map { $0 + done }, bytes.count - done,
          off_t(offset + done))
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw SystemFailure(code: written < 0 ? errno : ENOSPC) }
      done += written
    }
  }

  /// Adds all bytes.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(SystemFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(
        descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw SystemFailure(code: count < 0 ? errno : ENOSPC) }
      rest = rest.dropFirst(count)
    }
  }

  /// Adds all bytes.
  package func append(_ data: Data) throws(SystemFailure) {
    var failure: SystemFailure?
    data.withUnsafeBytes { bytes in
      do throws(SystemFailure) { try append(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Waits until the bytes are on the disk.
  package func synchronize() throws(SystemFailure) {
    guard fsync(descriptor) == 0 else { throw SystemFailure(code: errno) }
  }
}
