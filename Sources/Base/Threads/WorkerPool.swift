import Foundation
import Synchronization
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

/// A loop that a ``WorkerPool`` is running.
public final class PoolLoop<Failure: Error>: Sendable {
  private let queue: LoopQueue
  private let id: Int
  private let failure: FirstFailure<Failure>

  init(
    _ iterations: Int, on queue: LoopQueue, isAwaited: Bool,
    _ body: @escaping @Sendable (Int) throws(Failure) -> Void
  ) {
    let failure = FirstFailure<Failure>()
    self.queue = queue
    self.failure = failure
    id = queue.add(iterations, isAwaited: isAwaited) { iteration in
      // One below the failure has been taken and counts, so that the outcome is always the same.
      guard !failure.isBelow(iteration) else { return }
      do throws(Failure) {
        try body(iteration)
      } catch {
        failure.record(iteration, error)
      }
    }
  }

  /// Waits for all iterations; of the errors thrown, throws on the one of the lowest iteration.
  public func wait() throws(Failure) {
    queue.wait(for: id)
    if let error = failure.error { throw error }
  }
}

/// The failure of the lowest iteration of a loop.
private final class FirstFailure<Failure: Error>: Sendable {
  private let failure = Mutex<(iteration: Int, error: Failure)?>(nil)

  var error: Failure? { failure.withLock { $0?.error } }

  func isBelow(_ iteration: Int) -> Bool {
    failure.withLock { $0.map { $0.iteration < iteration } ?? false }
  }

  func record(_ iteration: Int, _ error: Failure) {
    failure.withLock { current in
      if let known = current, known.iteration < iteration { return }
      current = (iteration, error)
    }
  }
}

/// The loops that the threads of a ``WorkerPool`` take iterations from.
final class LoopQueue: @unchecked Sendable {
  // Sendable: everything is guarded by `condition`.

  private struct Loop {
    let id: Int
    let iterations: Int
    let isAwaited: Bool
    let body: @Sendable (Int) -> Void
    var next = 0
    var finished = 0
  }

  private let condition = NSCondition()
  private var loops: [Loop] = []
  private var nextID = 0
  private var isClosed = false

  /// Adds a loop behind those that are as urgent; loops that are awaited come before others.
  func add(
    _ iterations: Int, isAwaited: Bool, _ body: @escaping @Sendable (Int) -> Void
  ) -> Int {
    condition.lock()
    defer { condition.unlock() }
    nextID += 1
    guard iterations > 0 else { return nextID }
    let loop = Loop(id: nextID, iterations: iterations, isAwaited: isAwaited, body: body)
    let place = isAwaited ? loops.firstIndex { !$0.isAwaited } : nil
    loops.insert(loop, at: place ?? loops.endIndex)
    condition.broadcast()
    return nextID
  }

  /// Waits until every iteration of a loop has ended.
  func wait(for id: Int) {
    condition.lock()
    defer { condition.unlock() }
    while loops.contains(where: { $0.id == id }) { condition.wait() }
  }

  /// Takes iterations until the queue is closed and empty: what a thread of the pool does.
  func work() {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let (body, iteration, id) = takeIteration() {
        condition.unlock()
        body(iteration)
        condition.lock()
        finishIteration(of: id)
      } else if isClosed {
        return
      } else {
        condition.wait()
      }
    }
  }

  /// Lets the threads end once nothing is left to do.
  func close() {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    condition.broadcast()
  }

  private func takeIteration() -> ((@Sendable (Int) -> Void), Int, Int)? {
    guard let index = loops.firstIndex(where: { $0.next < $0.iterations }) else { return nil }
    defer { loops[index].next += 1 }
    return (loops[index].body, loops[index].next, loops[index].id)
  }

  private func finishIteration(of id: Int) {
    guard let index = loops.firstIndex(where: { $0.id == id }) else { return }
    loops[index].finished += 1
    if loops[index].finished == loops[index].iterations {
      loops.remove(at: index)
      condition.broadcast()
    }
  }
}
