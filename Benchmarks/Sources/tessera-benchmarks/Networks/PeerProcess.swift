import Foundation

/// A program that does one piece of work for every line it is sent, and answers with the seconds on
/// the clock and of the processors that it took.
final class PeerProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  private var pending = Data()

  /// Starts it, and waits until it says `ready`.
  init(_ program: String, _ arguments: [String]) throws {
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    guard try line() == "ready" else {
      stop()
      throw RunFailure(description: "\(program) has no PyTorch; run scripts/oracles DIR torch")
    }
  }

  /// Asks for one more piece of work.
  func next() throws -> Effort {
    try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
    let numbers = try line().split(separator: " ").compactMap { Double($0) }
    guard numbers.count == 2 else { throw RunFailure(description: "the peer stopped") }
    var effort = Effort()
    (effort.seconds, effort.processorSeconds) = (numbers[0], numbers[1])
    return effort
  }

  /// Ends it.
  func stop() {
    try? input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  private func line() throws -> String {
    while true {
      if let end = pending.firstIndex(of: 10) {
        defer { pending = Data(pending[pending.index(after: end)...]) }
        return String(decoding: pending[..<end], as: UTF8.self)
      }
      let more = output.fileHandleForReading.availableData
      guard !more.isEmpty else { return "" }
      pending += more
    }
  }
}
