import Base
public import Foundation
import TesseraPlugin
public import Translation

/// Watches a suite that runs in another process, and starts that again behind a check in which it
/// crashed or hung.
public struct ConformanceSupervisor {
  private let program: URL
  private let arguments: [String]
  private let path: String
  private let timeLimit: Double

  /// Runs `program` with `arguments` and the number of checks to leave out, which makes a
  /// ``ConformanceWorker`` of it; `path` names the plugin in messages, and `timeLimit` is how long in
  /// seconds it may give no sign.
  public init(program: URL, arguments: [String], path: String, timeLimit: Double) {
    self.program = program
    self.arguments = arguments
    self.path = path
    self.timeLimit = timeLimit
  }

  /// How far the suite is.
  private struct Progress {
    var names: [String]?
    var done = 0
    var current: String?
  }

  /// Runs all checks; `report` is told each finding as it comes.
  ///
  /// Throws where the plugin cannot be opened. Ends early where `isCancelled` says so.
  public func run(
    isCancelled: () -> Bool = { false },
    began: (_ pair: String, _ check: String, _ number: Int, _ count: Int) -> Void = { _, _, _, _ in
    },
    _ report: (ConformanceFinding) -> Void
  ) throws {
    var progress = Progress()
    while true {
      let before = progress.done
      let process = try WatchedProcess(program, arguments + ["\(progress.done)"])
      let start = ContinuousClock.now
      guard
        let end = try follow(process, &progress, isCancelled: isCancelled, began, report)
      else { return }
      guard let names = progress.names, progress.current != nil || progress.done > before else {
        throw TesseraError(path, PluginFolder.action, "the plugin \(end) while it was being opened")
      }
      let count = ConformanceSuite.names.count
      guard progress.done < names.count * count else { return }
      let (pair, check) = (
        names[progress.done / count], ConformanceSuite.names[progress.done % count]
      )
      let place = progress.current == nil ? "before" : "during"
      report(
        ConformanceFinding(
          pair: pair, check: check, outcome: .failed,
          detail: "\(end) \(place) the check '\(check)'\(complaint(of: process, end))",
          seconds: (ContinuousClock.now - start).seconds))
      progress.done += 1
      progress.current = nil
      if check == ConformanceSuite.calibration { leaveOut(pair, &progress, report) }
      guard progress.done < names.count * count else { return }
    }
  }

  /// Says how the process ended before it was done; nil once it was.
  private func follow(
    _ process: WatchedProcess, _ progress: inout Progress, isCancelled: () -> Bool,
    _ began: (String, String, Int, Int) -> Void, _ report: (ConformanceFinding) -> Void
  ) throws -> String? {
    while true {
      switch process.next(limit: timeLimit, isCancelled: isCancelled) {
      case .ended(let words): return words
      case .cancelled:
        process.kill()
        return nil
      case .silence:
        process.kill()
        return "gave no sign for \(Int(saturating: timeLimit.rounded(.up))) s"
      case .line(let line):
        guard let message = try? JSONDecoder().decode(ConformanceMessage.self, from: line) else {
          continue
        }
        switch message.event {
        case .alive: continue
        case .began:
          progress.current = message.check
          began(
            message.pair ?? "", message.check ?? "", progress.done + 1,
            ConformanceSuite.names.count * (progress.names?.count ?? 1))
        case .ended:
          progress.done += 1
          progress.current = nil
          if let finding = message.finding { report(finding) }
        case .opened:
          if progress.names == nil { tell(message.faults ?? [], report) }
          progress.names = message.names ?? []
        case .unusable:
          process.kill()
          throw UnusablePlugin(
            message.reason ?? "it cannot be opened", isUsage: message.isUsage == true)
        case .done:
          process.kill()
          return nil
        }
      }
    }
  }

  /// Pairs that the loader leaves out never come to a check.
  private func tell(_ faults: [String], _ report: (ConformanceFinding) -> Void) {
    for fault in faults {
      report(
        ConformanceFinding(pair: "", check: "description", outcome: .failed, detail: fault))
    }
  }

  private func leaveOut(
    _ pair: String, _ progress: inout Progress, _ report: (ConformanceFinding) -> Void
  ) {
    for check in ConformanceSuite.checks[(progress.done % ConformanceSuite.checks.count)...] {
      report(
        ConformanceFinding(
          pair: pair, check: check.name, outcome: .notApplicable,
          detail: ConformanceSuite.noTranslator))
      progress.done += 1
    }
  }

  /// What it said last, where it crashed.
  private func complaint(of process: WatchedProcess, _ end: String) -> String {
    process.lastComplaint.isEmpty || !end.hasPrefix("crashed") ? "" : ": \(process.lastComplaint)"
  }
}

/// Why a plugin cannot be opened, as the process that tried says it.
public struct UnusablePlugin: Error, Sendable, CustomStringConvertible {
  /// The message, which names the plugin.
  public let description: String
  /// Whether the user asked for what there is not.
  public let isUsage: Bool

  /// Passes a message on.
  public init(_ description: String, isUsage: Bool) {
    self.description = description
    self.isUsage = isUsage
  }
}
