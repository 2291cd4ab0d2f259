import CProcess
import Foundation

/// A file descriptor that is closed with its last owner.
final class Descriptor: Sendable {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// The two ends of a pipe that no program inherits.
  static func pipe() throws(PluginFault) -> (reading: Descriptor, writing: Descriptor) {
    var ends: [Int32] = [-1, -1]
    guard cprocess_pipe(&ends) == 0 else {
      throw PluginFault(.plugin, "cannot be started (\(systemMessage()))")
    }
    return (Descriptor(ends[0]), Descriptor(ends[1]))
  }

  /// Reads what is there, at most a buffer's worth; nothing at the end.
  func read(_ take: (UnsafeRawBufferPointer) -> Void) -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      while true {
        let count = Foundation.read(number, buffer.baseAddress, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        return true
      }
    }
  }

  /// Waits up to `limit` for something to read, or for room to write.
  func wait(for events: Int32, _ limit: Duration) -> Bool {
    var request = pollfd(fd: number, events: Int16(events), revents: 0)
    return poll(&request, 1, Int32(clamping: Int(max(limit / .milliseconds(1), 0)))) > 0
  }
}

/// What the system says about the call that failed last.
func systemMessage() -> String { String(cString: strerror(errno)) }
