/// Why something could not be done; the message is shown to the user as it is.
public struct TesseraError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file or folder, as the user named it; empty where who throws does not know it.
  public let path: String
  /// What was being done, such as "reading rows 512 to 767"; empty where the reason says it.
  public let action: String
  /// What went wrong and what to do.
  public let reason: String

  /// Makes an error that names the file.
  public init(_ path: String, _ action: String, _ reason: String) {
    self.path = path
    self.action = action
    self.reason = reason
  }

  /// Makes an error that names no file; line breaks in `reason` become spaces.
  public init(action: String, _ reason: String) {
    let line = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    self.init("", action, line)
  }

  /// Makes an error whose reason says everything but which file it is about.
  public init(_ reason: String) { self.init("", "", reason) }

  /// The user asked to stop.
  public static let cancelled = TesseraError("stopped on request")

  /// Makes an error whose reason holds names that come out of a file.
  ///
  /// They may be anything: control characters become spaces, and a reason that never ends is cut.
  public init(_ path: String, _ action: String, quoting reason: String) {
    let line = reason.split { $0.isWhitespace || $0.unicodeScalars.contains(where: Self.isControl) }
      .joined(separator: " ")
    self.init(path, action, line.count > 600 ? line.prefix(600) + "..." : line)
  }

  /// `FILE: what was being done: what went wrong`, without what is empty.
  public var description: String {
    [path, action, reason].filter { !$0.isEmpty }.joined(separator: ": ")
  }

  /// The same for a file, unless it names one itself.
  package func naming(_ path: String) -> TesseraError {
    self.path.isEmpty ? TesseraError(path, action, reason) : self
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    [.control, .format, .lineSeparator, .paragraphSeparator]
      .contains(scalar.properties.generalCategory)
  }
}

extension Error {
  /// The error of a file and what was done with it, unless it names a file itself.
  package func naming(_ path: String, _ action: String) -> TesseraError {
    guard let error = self as? TesseraError else { return TesseraError(path, action, "\(self)") }
    return error.path.isEmpty ? TesseraError(path, action, error.description) : error
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
