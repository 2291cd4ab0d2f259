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
    if let seconds = outcome.seconds { parts.append("\(decimal(seconds, 2)) s") }
    if let rate = outcome.megapixelsPerSecond { parts.append("\(decimal(rate, 1)) MP/s") }
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

  /// A number with a fixed count of decimals.
  static func decimal(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    guard value.magnitude * scale < 1e15 else { return "\(value)" }
    let scaled = Int(saturating: value.magnitude * scale)
    let sign = value < 0 && scaled > 0 ? "-" : ""
    let whole = scaled / Int(scale)
    let fraction = String(scaled % Int(scale))
    guard places > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
  }
}
