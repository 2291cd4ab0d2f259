import Synchronization

/// Hands out the items of a batch one by one and keeps what became of each.
final class OutcomeStore: Sendable {
  private struct State {
    var next = 0
    var outcomes: [BatchOutcome?]
  }

  private let state: Mutex<State>

  init(count: Int) {
    state = Mutex(State(outcomes: Array(repeating: nil, count: count)))
  }

  /// The next item that nobody has taken.
  func takeIndex() -> Int? {
    state.withLock { state in
      guard state.next < state.outcomes.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  func set(_ index: Int, _ outcome: BatchOutcome) {
    state.withLock { $0.outcomes[index] = outcome }
  }

  var outcomes: [BatchOutcome] { state.withLock { $0.outcomes.compactMap(\.self) } }
}
