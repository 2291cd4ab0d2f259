package import ArgumentParser
import Foundation
import TileIO

/// Results go to standard output, everything else to standard error.
///
/// Where nobody reads any more, as behind `| head -1`, the work goes on.
package enum Console {
  package static func result(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  }

  package static func json(_ value: some Encodable) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(value) else { return }
    result(String(decoding: data, as: UTF8.self))
  }

  /// A message in the form `tessera: FILE: what was being done: what went wrong`, on one line.
  package static func complain(_ text: String) {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
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
