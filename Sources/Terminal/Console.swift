package import ArgumentParser
import Foundation
import TileIO

/// Results go to standard output, everything else to standard error.
///
/// Where nobody reads any more, as behind `| head -1`, the work goes on.
package enum Console {
  package static func result(_ text: String) {
    write(harmless(text))
  }

  private static func write(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  }

  /// Whether a terminal would do something with a character other than show it: move, color, or turn
  /// the direction of writing.
  private static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0a: false
    case ..<0x20, 0x7f..<0xa0, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069: true
    default: false
    }
  }

  /// Text that a terminal only shows: names and titles of foreign files are in it.
  private static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isCommand) else { return text }
    var shown = String.UnicodeScalarView()
    shown.append(contentsOf: text.unicodeScalars.map { isCommand($0) ? " " : $0 })
    return String(shown)
  }

  package static func json(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // JSON has no such numbers, and a line must not be lost for one.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let data = try? encoder.encode(value) else { return }
    var line = ""
    for scalar in String(decoding: data, as: UTF8.self).unicodeScalars {
      if isCommand(scalar) {
        let code = String(scalar.value, radix: 16)
        line += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    write(line)
  }

  /// A message in the form `tessera: FILE: what was being done: what went wrong`, on one line.
  package static func complain(_ text: String) {
    let line = harmless(text.split(whereSeparator: \.isNewline).joined(separator: "; "))
    try? FileHandle.standardError.write(contentsOf: Data("tessera: \(line)\n".utf8))
  }

  package static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

extension ExitCode {
  /// Some inputs failed.
  package static let someFailed = ExitCode(1)
  /// Wrong usage.
  package static let usage = ExitCode(64)
  /// The only input is unusable.
  package static let badData = ExitCode(65)
  /// Another try may go well.
  package static let temporary = ExitCode(75)
}
