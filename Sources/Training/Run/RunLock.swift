import Base
import Foundation
import Networks

/// Keeps other processes out of a run; the system lets go of it when the process ends, however.
final class RunLock: Sendable {
  /// The file's name in the run.
  static let name = ".lock"

  private let descriptor: Int32

  /// Takes the lock, or says which process has it.
  init(_ run: String) throws(TesseraError) {
    let path = "\(run)/\(Self.name)"
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw TesseraError(run, "opening the run", SystemFailure(code: errno).whileWriting)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || !Self.isTaken(errno) else {
      let holder = Self.holder(descriptor).map { " (process \($0))" } ?? ""
      close(descriptor)
      throw TesseraError(
        run, "opening the run",
        "another tessera\(holder) is training into it: wait for it, stop it or choose another"
          + " --output")
    }
    let text = Data("\(getpid())\n".utf8)
    guard ftruncate(descriptor, 0) == 0 else { return }
    // Only for the message above.
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { close(descriptor) }

  // Some network file systems know no locks; training goes on without one there.
  private static func isTaken(_ code: Int32) -> Bool { code == EWOULDBLOCK || code == EINTR }

  private static func holder(_ descriptor: Int32) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 20)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return nil }
    return Int(String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self))
  }
}
