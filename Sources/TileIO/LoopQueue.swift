import Foundation

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
