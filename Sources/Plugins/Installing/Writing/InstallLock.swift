import Base
import Foundation
import Translation

/// Keeps other processes from changing the user's plugins; the system lets go of it when the process
/// ends, however.
final class InstallLock: Sendable {
  /// The file's name beside the folder of plugins.
  static let name = ".plugins.lock"

  private let file: OpenFile

  /// Waits for the lock; `onWait` is called once if somebody has it.
  init(
    in folder: URL, isCancelled: () -> Bool, onWait: () -> Void
  ) throws(TesseraError) {
    let path = folder.appending(path: Self.name).path
    do throws(SystemFailure) {
      file = try OpenFile(path, O_RDWR | O_CREAT, mode: 0o600)
    } catch {
      throw TesseraError(path, PluginInstaller.action, error.whileWriting)
    }
    var hasWaited = false
    while flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
      // Some network file systems know no locks; there one goes on without.
      guard errno == EWOULDBLOCK || errno == EINTR else { return }
      guard !isCancelled() else { throw PluginInstaller.interruption(path) }
      if !hasWaited { onWait() }
      hasWaited = true
      usleep(20_000)
    }
  }
}
