import Foundation

/// One running copy of a program: sends it messages and waits for the answers.
///
/// Any number of threads may ask at once; answers may come in any order.
final class PluginProcess: @unchecked Sendable {
  // Sendable: what changes is guarded by `condition`, but for `opened`, which `sending` guards.

  /// What is asked of a copy and has not been answered yet.
  private struct Request {
    let expected: PluginMessage.Kind
    let asked: ContinuousClock.Instant
    var answer: PluginMessage?
  }

  /// Pixels that the copy sees too.
  let memory: SharedMemory
  private let program: PluginProgram
  private let child: ChildProcess
  private let condition = NSCondition()
  private var requests: [UInt32: Request] = [:]
  private var lastNumber: UInt32 = 0
  private var lastAnswer = ContinuousClock.now
  /// Why it is being stopped.
  private var stopReason: PluginFault?
  /// The request that it is stopped for, where it is one.
  private var blamed: UInt32?
  private var isInputBroken = false
  /// Whether it was asked to end.
  private var isStopping = false
  /// How it ended; nothing is going on any more.
  private var end: PluginFault?
  private let sending = NSLock()
  private var opened: Set<UInt32> = []

  /// Starts a copy, and waits until it has said that it is the right one.
  static func start(_ program: PluginProgram) throws(PluginFault) -> PluginProcess {
    let process = try PluginProcess(program)
    let listener = Thread { process.listen() }
    listener.name = "tessera plugin"
    listener.stackSize = 1 << 20
    listener.start()
    do throws(PluginFault) {
      try process.greet()
      // What it has read so far is what it was to be.
      try program.checkFiles()
    } catch {
      process.stop(within: .zero)
      var fault = error.blaming(.plugin)
      fault.isAtStart = true
      throw fault
    }
    return process
  }

  private init(_ program: PluginProgram) throws(PluginFault) {
    self.program = program
    try program.checkFiles()
    memory = try SharedMemory()
    child = try ChildProcess(program, memory: memory.descriptor)
  }

  private func greet() throws(PluginFault) {
    let hello = try HostMessage.hello()
    let answer = try ask(.ready, numbered: 0) { _ in hello }
    let ready = try ProgramAnswer.decode(ProgramAnswer.Ready.self, answer)
    guard ready.protocol == HostMessage.version else {
      throw PluginFault(
        .plugin, "speaks version \(ready.protocol) of the protocol",
        advice: ", this version of tessera speaks \(HostMessage.version); get the plugin that was"
          + " made for it")
    }
    guard ready.id == program.id else {
      throw PluginFault(
        .plugin, "says that it is '\(ErrorTail.line(of: ready.id.utf8))'",
        advice: "; id in \(program.folder)/\(PluginFolder.pairName) and in the program must be"
          + " the same")
    }
  }

  /// Why it is of no use any more; nil while it is.
  var fault: PluginFault? { condition.withLock { stopReason ?? end } }

  /// Sends what `message` makes of the number of the request, after telling the copy of `session` if
  /// it has not heard of it, and waits for the answer.
  func ask(
    _ expected: PluginMessage.Kind, in session: PluginSession? = nil, numbered: UInt32? = nil,
    _ message: (UInt32) throws(PluginFault) -> PluginMessage
  ) throws(PluginFault) -> PluginMessage {
    let number = numbered ?? condition.withLock { next() }
    let message = try message(number)
    condition.withLock { requests[number] = Request(expected: expected, asked: .now) }
    sending.withLock {
      if let session, opened.insert(session.number).inserted { send(session.opening) }
      send(message)
    }
    return try answer(to: number)
  }

  private func next() -> UInt32 {
    // 0 is the greeting.
    repeat { lastNumber &+= 1 } while lastNumber == 0 || requests[lastNumber] != nil
    return lastNumber
  }

  /// Lets the copy forget an image; one that reads nothing just now keeps it.
  func close(_ session: UInt32) {
    sending.withLock {
      guard opened.remove(session) != nil else { return }
      _ = child.write(PluginMessage(kind: .close, number: session).bytes, within: .zero)
    }
  }

  private func send(_ message: PluginMessage) {
    switch child.write(message.bytes, within: program.timeout) {
    case .done: return
    // Why, the listener finds out.
    case .broken: condition.withLock { isInputBroken = true }
    case .late:
      condition.withLock {
        kill(for: PluginFault(.plugin, "read nothing for \(program.limit)", advice: Self.lateness))
      }
    }
  }

  private static let lateness =
    " and was stopped; if it needs longer, raise process.timeoutSeconds in its"
    + " \(PluginFolder.pairName)"

  private func answer(to number: UInt32) throws(PluginFault) -> PluginMessage {
    condition.lock()
    defer {
      requests[number] = nil
      condition.unlock()
    }
    while true {
      guard let request = requests[number] else { preconditionFailure("\(number) is not asked") }
      if let answer = request.answer {
        guard answer.kind == .failed else { return answer }
        let reason = ErrorTail.line(of: answer.body)
        throw PluginFault(.plugin, "gave up", advice: ": \(reason.isEmpty ? "no reason" : reason)")
      }
      if let end {
        throw blamed == number ? end.blaming(.plugin) : end
      }
      guard stopReason == nil else {
        condition.wait()
        continue
      }
      // A copy that works through a queue has the whole time for each.
      let left = max(request.asked, lastAnswer) + program.timeout - .now
      if left > .zero {
        _ = condition.wait(until: Date(timeIntervalSinceNow: left / .seconds(1)))
      } else {
        blamed =
          requests.filter { $0.value.answer == nil }.min { $0.value.asked < $1.value.asked }?
          .key
        kill(
          for:
            PluginFault(
              .anyOfSeveral, "gave no answer for \(program.limit)", advice: Self.lateness))
      }
    }
  }

  /// Ends the copy, for the first of all reasons; `condition` is locked.
  private func kill(for fault: PluginFault) {
    if stopReason == nil { stopReason = fault }
    child.kill()
  }

  /// Asks the copy to end.
  func closeInput() {
    condition.withLock { isStopping = true }
    child.closeInput()
  }

  /// Asks the copy to end, and ends it if it has not within `patience`.
  func stop(within patience: Duration) {
    closeInput()
    let deadline = Date(timeIntervalSinceNow: patience / .seconds(1))
    condition.lock()
    defer { condition.unlock() }
    while end == nil, condition.wait(until: deadline) {}
    if end == nil { kill(for: PluginFault(.anyOfSeveral, "was stopped")) }
    while end == nil { condition.wait() }
  }
}

extension PluginProcess {
  /// How long a program that closed its output may go on running.
  private static let grace = Duration.seconds(1)

  /// Hears what the copy writes until it ends.
  private func listen() {
    var buffer = MessageBuffer()
    var words = ErrorTail()
    var isListening = true
    var streams = [child.output, child.errors].map {
      pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0)
    }
    while isListening, condition.withLock({ stopReason == nil && !isInputBroken }) {
      guard poll(&streams, 2, 1000) > 0 else {
        // Another program may hold the pipes of one that has ended.
        isListening = child.exit() == nil
        continue
      }
      if streams[1].revents != 0, !child.errors.read({ words.append($0) }) { streams[1].fd = -1 }
      guard streams[0].revents != 0 else { continue }
      isListening = child.output.read { buffer.append($0) }
      do throws(PluginFault) {
        while let message = try buffer.next() { try deliver(message) }
      } catch {
        // Which of the images that it has in hand made it do so is not known: each is tried alone.
        condition.withLock {
          kill(for: requests.isEmpty ? error : error.blaming(.anyOfSeveral))
        }
      }
    }
    finish(&words)
  }

  private func deliver(_ message: PluginMessage) throws(PluginFault) {
    condition.lock()
    defer { condition.unlock() }
    guard let request = requests[message.number], request.answer == nil else {
      throw PluginFault(
        .plugin, "answered request \(message.number)", advice: ", which it had not been asked")
    }
    guard message.kind == request.expected || message.kind == .failed else {
      throw PluginFault(
        .plugin, "answered with a message '\(message.kind)'",
        advice: " where '\(request.expected)' was due")
    }
    requests[message.number]?.answer = message
    lastAnswer = .now
    condition.broadcast()
  }

  /// Sees the copy to its end and tells all who wait.
  private func finish(_ words: inout ErrorTail) {
    var isLoud = true
    let deadline = ContinuousClock.now + Self.grace
    while child.exit() == nil {
      if condition.withLock({ stopReason != nil }) || ContinuousClock.now > deadline {
        child.kill()
      }
      let pause = Duration.milliseconds(2)
      if isLoud, child.errors.wait(for: Int32(POLLIN), pause) {
        isLoud = child.errors.read { words.append($0) }
      } else if !isLoud {
        usleep(2000)
      }
    }
    // Programs that it started may still write: what is there now is enough.
    var reads = 64
    while isLoud, reads > 0, child.errors.wait(for: Int32(POLLIN), .zero) {
      isLoud = child.errors.read { words.append($0) }
      reads -= 1
    }
    condition.lock()
    let stream = isInputBroken ? "input" : "output"
    var fault =
      stopReason
      ?? PluginFault(
        .anyOfSeveral,
        ContinuousClock.now > deadline
          ? "closed its standard \(stream)" : child.exit() ?? "ended")
    fault.errorTail = words.line
    if !isStopping { program.ends.add(fault.what) }
    end = fault
    condition.broadcast()
    condition.unlock()
    child.closeInput()
  }
}
