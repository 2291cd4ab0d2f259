import Base
import Foundation

/// The end of what a program wrote to standard error.
struct ErrorTail {
  private static let maximum = 4096
  private var bytes: [UInt8] = []

  /// Adds what has arrived, and forgets what came long before.
  mutating func append(_ new: UnsafeRawBufferPointer) {
    if PluginProgram.isLogged { try? FileHandle.standardError.write(contentsOf: Data(new)) }
    bytes.append(contentsOf: new.suffix(Self.maximum))
    if bytes.count > Self.maximum { bytes.removeFirst(bytes.count - Self.maximum) }
  }

  /// The last line that says something.
  var line: String {
    let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return lines.reversed().lazy.map { Self.line(of: $0) }.first { !$0.isEmpty } ?? ""
  }

  /// Foreign bytes as part of a line: what does not print becomes a space.
  static func line(of bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self).inOneLine
  }
}
