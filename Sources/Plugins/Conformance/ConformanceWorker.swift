import Base
public import Foundation
import Synchronization
import TesseraPlugin
import TileIO
public import Translation

/// Runs a suite in a process of its own, which a plugin may take with it, and tells what it does.
public final class ConformanceWorker: Sendable {
  private let channel: Int32
  private let suite: ConformanceSuite
  private let lastSign = Mutex(ContinuousClock.now)
  private let writing = Mutex(())

  /// Tells over standard output; whatever else would be printed there goes to standard error.
  public init(_ suite: ConformanceSuite) {
    self.suite = suite
    channel = dup(STDOUT_FILENO)
    _ = dup2(STDERR_FILENO, STDOUT_FILENO)
    // Programs that a plugin starts must not keep the channel open.
    _ = fcntl(channel, F_SETFD, FD_CLOEXEC)
  }

  /// Runs the checks of all pairs that `open` gives, without the first `skipped` of them.
  public func run(
    skipping skipped: Int, open: () throws -> (pairs: [CataloguedPair], faults: [String])
  ) {
    do {
      let (pairs, faults) = try open()
      var message = ConformanceMessage(.opened)
      message.names = pairs.map(\.description.id)
      message.faults = faults
      send(message)
      for (index, found) in pairs.enumerated() {
        let count = ConformanceSuite.names.count
        let first = max(0, min(count, skipped - index * count))
        guard first < count else { continue }
        try run(found, skipping: 0..<first)
      }
      send(ConformanceMessage(.done))
    } catch {
      var message = ConformanceMessage(.unusable)
      message.reason = "\(error)"
      send(message)
    }
  }

  private func run(_ found: CataloguedPair, skipping skipped: Range<Int>) throws {
    let id = found.description.id
    let probe: PairProbe
    do {
      probe = try PairProbe(found, threads: WorkerPool.availableProcessors)
    } catch let error as PairError {
      throw TesseraError(found.url?.path ?? id, PluginFolder.action, error.message)
    }
    _ = suite.run(probe.pair, kind: found.kind, url: found.url, skipping: skipped) { check in
      var message = ConformanceMessage(.began)
      (message.pair, message.check) = (id, check)
      send(message)
    } isAlive: {
      self.showSign()
    } ended: { finding in
      var message = ConformanceMessage(.ended)
      message.finding = finding
      send(message)
    }
  }

  /// Says a few times a second that something is being done.
  private func showSign() {
    let isDue = lastSign.withLock { last in
      let now = ContinuousClock.now
      guard now - last > .milliseconds(200) else { return false }
      last = now
      return true
    }
    if isDue { send(ConformanceMessage(.alive)) }
  }

  private func send(_ message: ConformanceMessage) {
    guard var line = try? JSONEncoder().encode(message) else { return }
    line.append(UInt8(ascii: "\n"))
    writing.withLock { _ in
      line.withUnsafeBytes { bytes in
        var done = 0
        while done < bytes.count {
          let count = write(channel, bytes.baseAddress.map { $0 + done }, bytes.count - done)
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { return }
          done += count
        }
      }
    }
  }
}
