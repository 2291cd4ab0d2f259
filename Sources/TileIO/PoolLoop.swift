import Synchronization

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
