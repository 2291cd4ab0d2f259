/// Why a model package cannot be used; the message is shown to the user as it is.
public struct PackageError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The package or the file, as the user named it.
  public let path: String
  /// What was being done.
  public let action: String
  /// What went wrong and what to do.
  public let reason: String

  /// Makes an error that names the file.
  public init(_ path: String, _ action: String, _ reason: String) {
    self.path = path
    self.action = action
    self.reason = reason
  }

  /// `FILE: what was being done: what went wrong`, one line.
  public var description: String { "\(path): \(action): \(reason)" }
}
