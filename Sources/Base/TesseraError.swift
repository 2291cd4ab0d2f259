/// Why something could not be done with a file; the message is shown to the user as it is.
public struct TesseraError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file or folder, as the user named it.
  public let path: String
  /// What was being done, such as "reading rows 512 to 767".
  public let action: String
  /// What went wrong and what to do.
  public let reason: String

  /// Makes an error that names the file.
  public init(_ path: String, _ action: String, _ reason: String) {
    self.path = path
    self.action = action
    self.reason = reason
  }

  /// Makes an error whose reason holds names that come out of a file.
  ///
  /// They may be anything: control characters become spaces, and a reason that never ends is cut.
  public init(_ path: String, _ action: String, quoting reason: String) {
    let line = reason.split { $0.isWhitespace || $0.unicodeScalars.contains(where: Self.isControl) }
      .joined(separator: " ")
    self.init(path, action, line.count > 600 ? line.prefix(600) + "..." : line)
  }

  /// `FILE: what was being done: what went wrong`.
  public var description: String { "\(path): \(action): \(reason)" }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    [.control, .format, .lineSeparator, .paragraphSeparator]
      .contains(scalar.properties.generalCategory)
  }
}

/// The command was used wrongly, whatever the files hold: exit status 64.
public struct UsageError: Error, Sendable, CustomStringConvertible {
  /// What was wrong and what to do; names the file or option.
  public let message: String

  /// Makes an error.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
