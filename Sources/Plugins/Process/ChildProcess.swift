import CProcess
import Foundation
import Synchronization

/// A program that has been started, with pipes to its standard streams and shared memory as
/// descriptor 3.
final class ChildProcess: @unchecked Sendable {
  // Sendable: `input` and `end` are guarded by `lock`, everything else never changes.

  /// What it writes to standard output.
  let output: Descriptor
  /// What it writes to standard error.
  let errors: Descriptor
  private let number: pid_t
  private let lock = NSLock()
  private var input: Descriptor?
  private var end: String?
  private let mark = ProcessMark()

  /// Starts `program`.
  init(_ program: PluginProgram, memory: Descriptor) throws(PluginFault) {
    let (input, output, errors) = (
      try Descriptor.pipe(), try Descriptor.pipe(), try Descriptor.pipe()
    )
    let descriptors = [
      input.reading.number, output.writing.number, errors.writing.number, memory.number,
    ]
    let arguments = CStrings(program.arguments)
    let environment = CStrings(program.environment + [mark.variable])
    number = cprocess_start(
      program.executable, arguments.pointers, environment.pointers, program.folder, descriptors,
      ProcessMark.ofAll)
    guard number > 0 else {
      throw PluginFault(
        .plugin, "cannot be started (\(program.executable): \(systemMessage()))",
        advice: "; check process.command in \(program.folder)/\(PluginFolder.pairName)")
    }
    self.input = input.writing
    self.output = output.reading
    self.errors = errors.reading
    _ = cprocess_never_wait(input.writing.number)
  }

  deinit {
    kill()
    while exit() == nil { usleep(1000) }
  }

  /// How much of what was to be written has been.
  enum Writing {
    case done
    /// Nobody reads any more.
    case broken
    /// Nothing was read until the deadline.
    case late
  }

  /// Writes all of `bytes` to standard input.
  func write(_ bytes: [UInt8], within limit: Duration) -> Writing {
    guard let input = lock.withLock({ input }) else { return .broken }
    let deadline = ContinuousClock.now + limit
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        bytes.baseAddress.map { cprocess_write(input.number, $0 + done, bytes.count - done) } ?? 0
      }
      if count > 0 {
        done += count
      } else if errno == EAGAIN {
        let left = deadline - .now
        guard left > .zero, input.wait(for: Int32(POLLOUT), left) else { return .late }
      } else if errno != EINTR {
        return .broken
      }
    }
    return .done
  }

  /// Closes standard input, which asks the program to end.
  func closeInput() { lock.withLock { input = nil } }

  /// Ends the program and those that it started.
  func kill() {
    lock.withLock {
      // Once its end has been taken note of, the number may be another program's.
      guard end == nil else { return }
      Foundation.kill(-number, SIGKILL)
      Foundation.kill(number, SIGKILL)
    }
  }

  /// How it ended, such as "ended with exit status 1"; nil while it runs.
  func exit() -> String? {
    lock.withLock {
      guard end == nil else { return end }
      var status: Int32 = 0
      let found = cprocess_has_ended(number, &status)
      guard found != 0 else { return nil }
      mark.killAll()
      let signal = status & 0x7f
      end =
        found < 0
        ? "ended"
        : signal == 0
          ? "ended with exit status \((status >> 8) & 0xff)"
          : "ended by signal \(signal) (\(String(cString: strsignal(signal))))"
      return end
    }
  }
}

/// What the environment of a program has, and so that of all that it starts, in whatever process group or
/// session: they are found by it when the program has ended.
struct ProcessMark {
  /// The mark that is part of all others.
  static let ofAll = UUID().uuidString
  /// The variable of the environment that holds it.
  static let name = "TESSERA_PLUGIN_COPY"
  private static let last = Mutex(0)

  private let text: String

  init() { text = "\(Self.ofAll).\(Self.last.withLock { $0 += 1; return $0 });" }

  /// `NAME=VALUE`; where the program runs tessera, it is ended by the marks of both.
  var variable: String {
    "\(Self.name)=\(ProcessInfo.processInfo.environment[Self.name] ?? "")\(text)"
  }

  /// Ends the processes that have it, as far as the system tells which these are.
  func killAll() {
    let wanted = Data(text.utf8)
    // One may be starting another just now.
    for _ in 0..<9 {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
      let found = names.compactMap { Int32($0) }.filter {
        FileManager.default.contents(atPath: "/proc/\($0)/environ")?.range(of: wanted) != nil
      }
      guard !found.isEmpty else { return }
      for process in found { Foundation.kill(process, SIGKILL) }
    }
  }
}

/// Texts as C wants a list of them, for as long as this lives.
struct CStrings: ~Copyable {
  /// A pointer to each, and null behind the last.
  let pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) { pointers = texts.map { strdup($0) } + [nil] }

  deinit { for pointer in pointers { free(pointer) } }
}
