import Foundation

/// A process whose output is read line by line, with a limit on how long it may be silent.
final class WatchedProcess {
  /// What comes next.
  enum Next {
    case line(Data)
    /// Nothing came for as long as it may take.
    case silence
    /// It has ended, in these words.
    case ended(String)
    /// The user wants to stop.
    case cancelled
  }

  /// The last line that it wrote to standard error; often why it crashed.
  private(set) var lastComplaint = ""
  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()
  private var buffered = Data()
  private var complaints = Data()
  private var isOutputOpen = true
  private var areErrorsOpen = true

  /// Starts `program`; what it writes to standard error is passed on.
  init(_ program: URL, _ arguments: [String]) throws {
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    // A trace of the stack takes seconds, and is about this program as much as about the plugin.
    process.environment = ["SWIFT_BACKTRACE": "enable=no"].merging(
      ProcessInfo.processInfo.environment
    ) { $1 }
    try process.run()
  }

  /// Waits for the next line, at most `limit` seconds.
  func next(limit: Double, isCancelled: () -> Bool) -> Next {
    let start = ContinuousClock.now
    while true {
      if let end = buffered.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Data(buffered[buffered.startIndex..<end])
        buffered = Data(buffered[(end + 1)...])
        return .line(line)
      }
      if isCancelled() { return .cancelled }
      let isRunning = process.isRunning
      let hasRead = read(milliseconds: isRunning ? 100 : 0)
      if !hasRead, !isRunning { return .ended(end) }
      if !hasRead, isRunning, !isOutputOpen, !areErrorsOpen { usleep(20_000) }
      if (ContinuousClock.now - start).seconds > limit { return .silence }
    }
  }

  /// Ends it and all that it has started.
  func kill() {
    let all = ResidentMemory.descendants(of: process.processIdentifier)
    for id in [process.processIdentifier] + all where process.isRunning {
      _ = Foundation.kill(id, SIGKILL)
    }
    process.waitUntilExit()
  }

  private var end: String {
    process.waitUntilExit()
    let status = process.terminationStatus
    guard process.terminationReason == .uncaughtSignal else {
      return "ended the program with status \(status)"
    }
    let name = strsignal(status).map { String(cString: $0).lowercased() } ?? "unknown"
    return "crashed (signal \(status), \(name))"
  }

  /// Reads what is there; false if nothing is.
  private func read(milliseconds: Int32) -> Bool {
    let channels = [
      isOutputOpen ? output.fileHandleForReading.fileDescriptor : -1,
      areErrorsOpen ? errors.fileHandleForReading.fileDescriptor : -1,
    ]
    var events = channels.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&events, nfds_t(events.count), milliseconds) > 0 else { return false }
    var hasRead = false
    for (index, event) in events.enumerated() where event.revents != 0 {
      var bytes = [UInt8](repeating: 0, count: 1 << 16)
      let count = Foundation.read(event.fd, &bytes, bytes.count)
      if count <= 0 {
        if count < 0, errno == EINTR { continue }
        if index == 0 { isOutputOpen = false } else { areErrorsOpen = false }
        continue
      }
      hasRead = true
      if index == 0 { buffered += bytes[..<count] } else { complain(bytes[..<count]) }
    }
    return hasRead
  }

  private func complain(_ bytes: ArraySlice<UInt8>) {
    try? FileHandle.standardError.write(contentsOf: Data(bytes))
    complaints += bytes
    complaints = Data(complaints.suffix(1 << 14))
    let lines = String(decoding: complaints, as: UTF8.self).split(whereSeparator: \.isNewline)
    // Swift writes where it was behind what went wrong.
    let last =
      lines.last { $0.contains("Fatal error: ") } ?? lines.last { !$0.allSatisfy(\.isWhitespace) }
    lastComplaint = last.map(String.init) ?? ""
  }
}
