import Foundation
import TesseraPlugin

/// The running copies of one program, started as they are needed.
///
/// Each works on one request and has another one waiting. A copy that ends in the middle of its work
/// is replaced, and what it was working on is tried once more by a copy that has nothing else to do.
final class ProcessPool: @unchecked Sendable {
  // Sendable: what changes is guarded by `condition`.

  private struct Copy {
    let process: PluginProcess
    var requests = 0
    /// Whether it belongs to one request alone.
    var isReserved = false
  }

  /// Requests that one copy has at once.
  private static let requestsACopy = 2
  /// Copies that are started before anybody asks.
  private static let firstCopies = 2
  /// How long copies may take to end once they are told to.
  private static let patience = Duration.seconds(1)

  /// What the copies are made of.
  let program: PluginProgram
  private let limit: Int
  private let condition = NSCondition()
  private var copies: [Copy] = []
  private var starting = 0
  /// Copies that are on their way before anybody asked.
  private var preparing = 0
  private var preparationFault: PluginFault?
  private var lastSession: UInt32 = 0

  /// Runs up to `limit` copies of `program`.
  init(_ program: PluginProgram, limit: Int) {
    self.program = program
    self.limit = max(1, limit)
  }

  deinit {
    for copy in copies { copy.process.closeInput() }
    let deadline = ContinuousClock.now + Self.patience
    for copy in copies { copy.process.stop(within: deadline - .now) }
  }

  /// Starts the first copies while the caller does something else; what goes wrong is told to the first
  /// who asks.
  func prepare() {
    let count = min(limit, Self.firstCopies)
    condition.withLock {
      starting += count
      preparing += count
    }
    for _ in 0..<count { Thread.detachNewThread { [self] in prepareOne() } }
  }

  private func prepareOne() {
    let outcome = Result { () throws(PluginFault) in try PluginProcess.start(program) }
    condition.withLock {
      starting -= 1
      preparing -= 1
      switch outcome {
      case .success(let process): copies.append(Copy(process: process))
      case .failure(let fault): preparationFault = fault
      }
      condition.broadcast()
    }
  }

  /// A number for an image.
  func newSession() -> UInt32 {
    condition.withLock {
      lastSession &+= 1
      return lastSession
    }
  }

  /// Lets all copies forget an image.
  func close(_ session: UInt32) {
    for process in condition.withLock({ copies.map(\.process) }) { process.close(session) }
  }

  /// Lets `body` ask a copy; `action` is what it is busy with, for the line about a failure.
  func run<Answer>(
    _ action: @autoclosure () -> String, _ body: (PluginProcess) throws(PluginFault) -> Answer
  ) throws(PairError) -> Answer {
    do throws(PluginFault) {
      return try attempt(alone: false, body)
    } catch {
      guard error.blame == .anyOfSeveral else {
        throw PairError(error.message(program, while: action()))
      }
    }
    do throws(PluginFault) {
      return try attempt(alone: true, body)
    } catch {
      throw PairError(error.message(program, while: action()))
    }
  }

  private func attempt<Answer>(
    alone: Bool, _ body: (PluginProcess) throws(PluginFault) -> Answer
  ) throws(PluginFault) -> Answer {
    let process = try take(alone: alone)
    defer { giveBack(process) }
    let answer = try body(process)
    // A copy may have read more of its files for this.
    try program.checkFolder()
    return answer
  }

  /// A copy with room for a request; one that was started just now where it is needed alone.
  private func take(alone: Bool) throws(PluginFault) -> PluginProcess {
    condition.lock()
    defer { condition.unlock() }
    while true {
      try dropEnded()
      if let fault = preparationFault {
        preparationFault = nil
        throw fault
      }
      guard preparing == 0 || !copies.isEmpty else {
        condition.wait()
        continue
      }
      if !alone, let idle = copies.firstIndex(where: { !$0.isReserved && $0.requests == 0 }) {
        return use(idle)
      }
      if copies.count + starting < limit { return try start(isReserved: alone) }
      if alone {
        if let idle = copies.firstIndex(where: { !$0.isReserved && $0.requests == 0 }) {
          let old = copies.remove(at: idle).process
          return try start(isReserved: true, inPlaceOf: old)
        }
      } else if let busy = copies.firstIndex(where: {
        !$0.isReserved && $0.requests < Self.requestsACopy
      }) {
        return use(busy)
      }
      condition.wait()
    }
  }

  private func use(_ index: Int) -> PluginProcess {
    copies[index].requests += 1
    return copies[index].process
  }

  /// Lets go of copies that have ended; those that broke the protocol while nobody asked are an error.
  private func dropEnded() throws(PluginFault) {
    var breach: PluginFault?
    copies.removeAll { copy in
      guard copy.requests == 0, let fault = copy.process.fault else { return false }
      if fault.blame == .plugin { breach = fault }
      return true
    }
    if let breach { throw breach }
  }

  /// Starts a copy while others go on; `condition` is locked.
  private func start(
    isReserved: Bool, inPlaceOf old: PluginProcess? = nil
  ) throws(PluginFault) -> PluginProcess {
    starting += 1
    condition.unlock()
    let outcome = Result { () throws(PluginFault) in
      old?.stop(within: Self.patience)
      return try PluginProcess.start(program)
    }
    condition.lock()
    starting -= 1
    condition.broadcast()
    let process = try outcome.get()
    copies.append(Copy(process: process, requests: 1, isReserved: isReserved))
    return process
  }

  private func giveBack(_ process: PluginProcess) {
    condition.withLock {
      guard let index = copies.firstIndex(where: { $0.process === process }) else { return }
      copies[index].requests -= 1
      copies[index].isReserved = false
      // What ended with a request in its hands has been reported.
      if copies[index].requests == 0, process.fault != nil { copies.remove(at: index) }
      condition.broadcast()
    }
  }
}
