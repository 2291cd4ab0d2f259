import Base
import Batch
import Terminal
import TesseraPlugin

/// One line about one input.
enum OutcomeLine {
  static func print(_ outcome: BatchOutcome, asJSON: Bool, isQuiet: Bool) {
    if asJSON { Console.json(outcome) }
    switch outcome.status {
    case .failed: Console.complain("\(outcome.input): \(outcome.reason ?? "unknown failure")")
    case .cancelled:
      if !isQuiet { Console.complain("\(outcome.input): \(outcome.reason ?? "stopped")") }
    default:
      if !asJSON, !isQuiet { Console.result(text(outcome)) }
    }
  }

  private static func text(_ outcome: BatchOutcome) -> String {
    var parts = [outcome.output]
    if let width = outcome.width, let height = outcome.height {
      parts.append("\(width) x \(height)\(outcome.slices.map { " x \($0)" } ?? " px")")
    }
    if let seconds = outcome.seconds { parts.append("\(seconds.decimal(2)) s") }
    if let rate = outcome.megapixelsPerSecond { parts.append("\(rate.decimal(1)) MP/s") }
    if let memory = outcome.peakMemoryMB { parts.append("peak \(Int(saturating: memory)) MB") }
    switch outcome.status {
    case .copied: parts.append("copied unchanged: \(outcome.reason ?? "")")
    case .skipped: parts.append("skipped: \(outcome.reason ?? "")")
    case .planned: parts.append("planned, from \(outcome.input)")
    default: break
    }
    if let note = outcome.note { parts.append("note: \(note)") }
    return parts.joined(separator: "  ")
  }

  static func summary(_ outcomes: [BatchOutcome]) -> String {
    let statuses: [(BatchOutcome.Status, String)] = [
      (.translated, "translated"), (.copied, "copied unchanged"), (.skipped, "skipped"),
      (.planned, "planned"), (.failed, "failed"),
    ]
    let counts = statuses.compactMap { status, name in
      let count = outcomes.count { $0.status == status }
      return count == 0 ? nil : "\(count) \(name)"
    }
    return "\(outcomes.count) images: \(counts.joined(separator: ", "))"
  }
}
