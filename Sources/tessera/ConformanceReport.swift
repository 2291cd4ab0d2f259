import Base
import Terminal
import Foundation
import Plugins

/// What `tessera plugin check` prints: a line a check, or one object at the end.
struct ConformanceReport {
  private struct Record: Encodable {
    let plugin: String
    let passed: Bool
    let findings: [ConformanceFinding]
  }

  private let plugin: String
  private let isLive: Bool
  private var findings: [ConformanceFinding] = []

  /// Reports on `plugin`; line by line as findings come, if `isLive`.
  init(_ plugin: String, isLive: Bool) {
    self.plugin = plugin
    self.isLive = isLive
  }

  /// Whether there was something to check, and all of it passed.
  var hasPassed: Bool {
    !findings.isEmpty && findings.allSatisfy { $0.outcome != .failed }
  }

  /// Shows on a terminal what is being checked, until the next line takes its place.
  func show(_ text: String) {
    guard isLive, Console.isErrorTerminal else { return }
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1b}[K  \(text.inOneLine)".utf8))
  }

  private func hide() {
    guard isLive, Console.isErrorTerminal else { return }
    try? FileHandle.standardError.write(contentsOf: Data("\r\u{1b}[K".utf8))
  }

  /// Takes the next finding.
  mutating func add(_ finding: ConformanceFinding) {
    hide()
    let isNew = findings.last?.pair != finding.pair
    findings.append(finding)
    guard isLive else { return }
    if isNew { Console.result(finding.pair.isEmpty ? plugin : finding.pair) }
    let outcome =
      switch finding.outcome {
      case .passed: "passed"
      case .failed: "FAILED"
      case .notApplicable: "-"
      }
    Console.result(
      "  \(Self.padded(outcome, 8))\(Self.padded(finding.check, 15))\(finding.detail)")
  }

  /// Sums up.
  func finish(seconds: Double) {
    hide()
    guard isLive else {
      return Console.json(Record(plugin: plugin, passed: hasPassed, findings: findings))
    }
    func count(_ outcome: ConformanceFinding.Outcome) -> Int {
      findings.count { $0.outcome == outcome }
    }
    Console.result(
      "\(count(.passed)) passed, \(count(.failed)) failed, \(count(.notApplicable)) not applicable,"
        + " in \(Int(seconds)) s")
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
