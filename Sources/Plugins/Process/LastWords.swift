import Foundation

/// The end of what a program wrote to standard error.
struct LastWords {
  private static let most = 4096
  private static let longestLine = 300
  private var bytes: [UInt8] = []

  /// Adds what has arrived, and forgets what came long before.
  mutating func append(_ new: UnsafeRawBufferPointer) {
    if PluginProgram.isLogged { try? FileHandle.standardError.write(contentsOf: Data(new)) }
    bytes.append(contentsOf: new.suffix(Self.most))
    if bytes.count > Self.most { bytes.removeFirst(bytes.count - Self.most) }
  }

  /// The last line that says something.
  var line: String {
    let lines = bytes.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    return lines.reversed().lazy.map { Self.line(of: $0) }.first { !$0.isEmpty } ?? ""
  }

  /// Foreign bytes as part of a line: what does not print becomes a space.
  static func line(of bytes: some Collection<UInt8>) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    let printable = text.unicodeScalars.map { scalar in
      let category = scalar.properties.generalCategory
      let isHidden = [.control, .format, .lineSeparator, .paragraphSeparator].contains(category)
      return isHidden ? " " : Character(scalar)
    }
    let words = String(printable).split(separator: " ").joined(separator: " ")
    return words.count <= longestLine ? words : words.prefix(longestLine - 1) + "…"
  }
}
