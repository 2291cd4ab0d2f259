import Synchronization

/// How many windows went through a network, and how many were of one color that had been seen.
public final class WindowCount: Sendable {
  private struct State {
    var run = 0
    var skipped = 0
    var size = [0, 0]
  }

  private let state = Mutex(State())

  /// Windows that the network ran on.
  public var run: Int { state.withLock { $0.run } }
  /// Windows of one color whose result was known already.
  public var skippedBlank: Int { state.withLock { $0.skipped } }
  /// Width and height in px of the last window.
  public var size: [Int] { state.withLock { $0.size } }

  func ran(width: Int, height: Int) {
    state.withLock { state in
      state.run += 1
      state.size = [width, height]
    }
  }

  func skipped() { state.withLock { $0.skipped += 1 } }
}
