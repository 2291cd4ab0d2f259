import Foundation
import Synchronization

/// One piece of work on a thread of its own, and its outcome.
public final class BackgroundThread<Outcome: Sendable>: Sendable {
  private final class State: Sendable {
    let outcome = Mutex<Outcome?>(nil)
    let finished = DispatchSemaphore(value: 0)
  }

  private let state = State()

  /// Starts `body`; `name` is what debuggers show.
  public init(_ name: String, _ body: @escaping @Sendable () -> Outcome) {
    let state = state
    let thread = Thread {
      let outcome = body()
      state.outcome.withLock { $0 = outcome }
      state.finished.signal()
    }
    thread.name = "tessera \(name)"
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Waits for the end and gives the outcome, as often as it is asked.
  @discardableResult
  public func wait() -> Outcome {
    state.finished.wait()
    state.finished.signal()
    guard let outcome = state.outcome.withLock({ $0 }) else {
      preconditionFailure("the work ended without an outcome")
    }
    return outcome
  }
}
