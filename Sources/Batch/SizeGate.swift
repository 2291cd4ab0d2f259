import Foundation

/// Lets small images run side by side and a large one alone.
final class SizeGate: @unchecked Sendable {
  // Sendable: the counters are guarded by `condition`.

  private let condition = NSCondition()
  private var small = 0
  private var isLargeRunning = false
  private var largeWaiting = 0

  func enter(isLarge: Bool) {
    condition.lock()
    defer { condition.unlock() }
    if isLarge {
      largeWaiting += 1
      while small > 0 || isLargeRunning { condition.wait() }
      largeWaiting -= 1
      isLargeRunning = true
    } else {
      while isLargeRunning || largeWaiting > 0 { condition.wait() }
      small += 1
    }
  }

  func leave(isLarge: Bool) {
    condition.lock()
    if isLarge { isLargeRunning = false } else { small -= 1 }
    condition.broadcast()
    condition.unlock()
  }
}
