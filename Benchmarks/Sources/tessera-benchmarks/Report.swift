import Foundation

/// The table of results.
struct Report {
  private(set) var missed = 0

  init() {
    line("| case | measured | bar | met |")
    line("|---|---|---|---|")
  }

  private func line(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }

  /// Adds a result that has to reach a bar.
  mutating func add(_ name: String, _ measured: String, bar: String, isMet: Bool) {
    line("| \(name) | \(measured) | \(bar) | \(isMet ? "yes" : "NO") |")
    if !isMet { missed += 1 }
  }

  /// Adds a result that is only told, or whose bar cannot be tried on this machine.
  mutating func add(_ name: String, _ measured: String, bar: String) {
    line("| \(name) | \(measured) | \(bar) | – |")
  }
}
