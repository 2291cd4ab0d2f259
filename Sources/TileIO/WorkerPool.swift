import Foundation
import TesseraPlugin

/// A fixed number of threads that share out the work of loops.
///
/// Several threads may run loops on one pool at once; the total of busy threads stays at `count`
/// plus the callers that wait.
public final class WorkerPool: Sendable {
  /// Number of threads.
  public let count: Int
  // The threads hold the queue, not the pool, so that the pool can be released and end them.
  private let queue = LoopQueue()

  /// Starts `count` threads; by default one for each processor that this process may use.
  public init(count: Int = WorkerPool.availableProcessors) {
    precondition(count > 0, "a pool of \(count) threads")
    self.count = count
    let queue = queue
    for index in 0..<count {
      let thread = Thread { queue.work() }
      thread.name = "tessera worker \(index)"
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  deinit { queue.close() }

  /// Processors that this process may use: its affinity mask and its share of the container, not
  /// the size of the machine.
  public static let availableProcessors: Int = {
    var count = ProcessInfo.processInfo.activeProcessorCount
    #if os(Linux)
      // The affinity mask, in hexadecimal words: schedulers such as Slurm set it.
      if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("Cpus_allowed:") })
      {
        let digits = line.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
        count = min(count, digits.reduce(0) { $0 + $1.nonzeroBitCount })
      }
      // Control groups, version 2: "QUOTA PERIOD" in µs, or "max".
      if let text = try? String(contentsOfFile: "/sys/fs/cgroup/cpu.max", encoding: .utf8) {
        let fields = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        if fields.count == 2, fields[1] > 0 {
          count = min(count, Int(saturating: (fields[0] / fields[1]).rounded(.down)))
        }
      }
    #endif
    return max(1, count)
  }()

  /// Runs `body` for 0..<`iterations` on the threads of the pool and waits for all of them.
  ///
  /// Must not be called from within a loop of the same pool.
  public func run(_ iterations: Int, _ body: @escaping @Sendable (Int) -> Void) {
    queue.wait(for: queue.add(iterations, isAwaited: true, body))
  }

  /// Runs `body` for 0..<`iterations`; of the errors thrown, the one of the lowest iteration is
  /// thrown on, and iterations above it that had not begun by then are left out.
  public func run<Failure: Error>(
    _ iterations: Int, throwing: Failure.Type,
    _ body: @escaping @Sendable (Int) throws(Failure) -> Void
  ) throws(Failure) {
    try PoolLoop(iterations, on: queue, isAwaited: true, body).wait()
  }

  /// Begins a loop like ``run(_:throwing:_:)`` and returns at once.
  ///
  /// Its iterations give way to those of loops that somebody runs and waits for.
  public func begin<Failure: Error>(
    _ iterations: Int, throwing: Failure.Type,
    _ body: @escaping @Sendable (Int) throws(Failure) -> Void
  ) -> PoolLoop<Failure> {
    PoolLoop(iterations, on: queue, isAwaited: false, body)
  }
}
