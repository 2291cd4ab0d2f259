import Foundation

/// A queue between two stages that makes the faster one wait.
package final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
  // Sendable: everything is guarded by `condition`.

  private let condition = NSCondition()
  private let capacity: Int
  private var elements: [Element] = []
  private var isClosed = false

  package init(capacity: Int) { self.capacity = capacity }

  /// Adds an element once there is room; false if the queue has been closed.
  package func push(_ element: Element) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while elements.count >= capacity, !isClosed { condition.wait() }
    guard !isClosed else { return false }
    elements.append(element)
    condition.broadcast()
    return true
  }

  /// Adds an element if there is room now, and drops it otherwise.
  package func offer(_ element: Element) {
    condition.lock()
    defer { condition.unlock() }
    guard elements.count < capacity, !isClosed else { return }
    elements.append(element)
    condition.broadcast()
  }

  /// Takes the oldest element; nil once the queue is closed and empty.
  package func pop() -> Element? {
    condition.lock()
    defer { condition.unlock() }
    while elements.isEmpty, !isClosed { condition.wait() }
    guard !elements.isEmpty else { return nil }
    condition.broadcast()
    return elements.removeFirst()
  }

  /// Takes an element if one is there.
  package func tryPop() -> Element? {
    condition.lock()
    defer { condition.unlock() }
    guard !elements.isEmpty else { return nil }
    condition.broadcast()
    return elements.removeFirst()
  }

  /// Lets nothing more in; what is inside can still be taken.
  package func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }
}
