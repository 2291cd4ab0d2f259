/// Why an image could not be read or written; the message is shown to the user as it is.
public struct ImageError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file, as the user named it.
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

  /// `FILE: what was being done: what went wrong`.
  public var description: String { "\(path): \(action): \(reason)" }
}
