import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Base

struct WorkerPoolTests {
  private final class Tally: Sendable {
    private let counts: Mutex<[Int]>
    init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }
    func add(_ index: Int) { counts.withLock { $0[index] += 1 } }
    var values: [Int] { counts.withLock { $0 } }
  }

  private struct Failure: Error, Equatable { let iteration: Int }

  @Test(arguments: [1, 2, 5])
  func `every iteration runs once`(threads: Int) {
    let tally = Tally(1000)
    WorkerPool(count: threads).run(1000) { tally.add($0) }
    #expect(tally.values == Array(repeating: 1, count: 1000))
  }

  @Test func `loops of several threads share a pool`() async {
    let pool = WorkerPool(count: 2)
    let tally = Tally(200)
    await withTaskGroup(of: Void.self) { group in
      for part in 0..<4 {
        group.addTask { pool.run(50) { tally.add(part * 50 + $0) } }
      }
    }
    #expect(tally.values == Array(repeating: 1, count: 200))
  }

  @Test func `the error of the lowest iteration is thrown`() {
    let pool = WorkerPool(count: 4)
    for _ in 0..<20 {
      #expect(throws: Failure(iteration: 3)) {
        try pool.run(100, throwing: Failure.self) { iteration throws(Failure) in
          if iteration >= 3 { throw Failure(iteration: iteration) }
        }
      }
    }
  }

  @Test func `a loop of nothing returns at once`() {
    WorkerPool(count: 1).run(0) { _ in Issue.record("ran") }
  }

  @Test func `a loop that has begun gives way to one that is awaited`() {
    let queue = LoopQueue()
    let order = Mutex<[String]>([])
    _ = queue.add(3, isAwaited: false) { iteration in
      order.withLock { $0.append("begun") }
      guard iteration == 0 else { return }
      _ = queue.add(2, isAwaited: true) { _ in order.withLock { $0.append("awaited") } }
    }
    queue.close()
    queue.work()
    #expect(order.withLock { $0 } == ["begun", "awaited", "awaited", "begun", "begun"])
  }

  @Test func `loops that have begun end in order and throw when they are waited for`() throws {
    let pool = WorkerPool(count: 2)
    let tally = Tally(20)
    let first = pool.begin(10, throwing: Failure.self) { iteration throws(Failure) in
      tally.add(iteration)
    }
    let second = pool.begin(10, throwing: Failure.self) { iteration throws(Failure) in
      tally.add(10 + iteration)
      if iteration == 9 { throw Failure(iteration: iteration) }
    }
    try first.wait()
    #expect(throws: Failure(iteration: 9)) { try second.wait() }
    #expect(tally.values == Array(repeating: 1, count: 20))
  }
}
