import Foundation
import Synchronization

/// A fixed number of threads that share out the work of loops.
///
/// Several threads may run loops on one pool at once; the total of busy threads stays at `count`
/// plus the callers that wait.
public final class WorkerPool: Sendable {
  /// Number of threads.
  public let count: Int
  private let shared: Shared

  // The threads hold `Shared`, not the pool, so that the pool can be released and end them.
  private final class Shared: @unchecked Sendable {
    // Sendable: `state` is only touched while `condition` is locked.
    struct Loop {
      let id: Int
      let iterations: Int
      let body: @Sendable (Int) -> Void
      var next = 0
      var finished = 0
    }

    struct State {
      var loops: [Loop] = []
      var nextID = 0
      var isClosed = false
    }

    let condition = NSCondition()
    var state = State()

    func work() {
      condition.lock()
      while true {
        if let (body, iteration, id) = takeIteration() {
          condition.unlock()
          body(iteration)
          condition.lock()
          finishIteration(of: id)
        } else if state.isClosed {
          condition.unlock()
          return
        } else {
          condition.wait()
        }
      }
    }

    private func takeIteration() -> ((@Sendable (Int) -> Void), Int, Int)? {
      for index in state.loops.indices
      where state.loops[index].next < state.loops[index].iterations {
        let iteration = state.loops[index].next
        state.loops[index].next += 1
        return (state.loops[index].body, iteration, state.loops[index].id)
      }
      return nil
    }

    private func finishIteration(of id: Int) {
      guard let index = state.loops.firstIndex(where: { $0.id == id }) else { return }
      state.loops[index].finished += 1
      if state.loops[index].finished == state.loops[index].iterations {
        state.loops.remove(at: index)
        condition.broadcast()
      }
    }
  }

  /// Starts `count` threads; by default one for each processor that this process may use.
  public init(count: Int = WorkerPool.availableProcessors) {
    precondition(count > 0, "a pool of \(count) threads")
    self.count = count
    let shared = Shared()
    self.shared = shared
    for index in 0..<count {
      let thread = Thread { shared.work() }
      thread.name = "tessera worker \(index)"
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  deinit {
    shared.condition.lock()
    shared.state.isClosed = true
    shared.condition.broadcast()
    shared.condition.unlock()
  }

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
        if fields.count == 2, fields[1] > 0 { count = min(count, Int(fields[0] / fields[1])) }
      }
    #endif
    return max(1, count)
  }()

  /// Runs `body` for 0..<`iterations` on the threads of the pool and waits for all of them.
  ///
  /// Must not be called from within a loop of the same pool.
  public func run(_ iterations: Int, _ body: @escaping @Sendable (Int) -> Void) {
    guard iterations > 0 else { return }
    let condition = shared.condition
    condition.lock()
    defer { condition.unlock() }
    let id = shared.state.nextID
    shared.state.nextID += 1
    shared.state.loops.append(Shared.Loop(id: id, iterations: iterations, body: body))
    condition.broadcast()
    while shared.state.loops.contains(where: { $0.id == id }) { condition.wait() }
  }

  /// Runs `body` for 0..<`iterations`; of the errors thrown, the one of the lowest iteration is
  /// thrown on, and iterations that had not begun by then are left out.
  public func run<Failure: Error>(
    _ iterations: Int, throwing: Failure.Type,
    _ body: @escaping @Sendable (Int) throws(Failure) -> Void
  ) throws(Failure) {
    let failure = FirstFailure<Failure>()
    run(iterations) { iteration in
      guard failure.error == nil else { return }
      do throws(Failure) {
        try body(iteration)
      } catch {
        failure.record(iteration, error)
      }
    }
    if let error = failure.error { throw error }
  }
}

/// The failure of the lowest iteration of a loop.
private final class FirstFailure<Failure: Error>: Sendable {
  private let failure = Mutex<(iteration: Int, error: Failure)?>(nil)

  var error: Failure? { failure.withLock { $0?.error } }

  func record(_ iteration: Int, _ error: Failure) {
    failure.withLock { current in
      if let known = current, known.iteration < iteration { return }
      current = (iteration, error)
    }
  }
}
