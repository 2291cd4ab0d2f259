/// Why a checkpoint could not be read or written; the message is shown to the user as it is.
public struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, as the user named it.
  public let path: String
  /// What was being done, such as "reading the checkpoint".
  public let action: String
  /// What went wrong and what to do.
  public let reason: String

  /// Makes an error that names the file.
  ///
  /// Names that come out of a file may hold anything: control characters become spaces, and a
  /// reason that never ends is cut.
  public init(_ path: String, _ action: String, _ reason: String) {
    self.path = path
    self.action = action
    let line = reason.split { $0.isWhitespace || $0.unicodeScalars.contains(where: Self.isControl) }
      .joined(separator: " ")
    self.reason = line.count > 600 ? line.prefix(600) + "..." : line
  }

  /// `FILE: what was being done: what went wrong`, one line.
  public var description: String { "\(path): \(action): \(reason)" }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    [.control, .format, .lineSeparator, .paragraphSeparator]
      .contains(scalar.properties.generalCategory)
  }
}
