/// Why training could not start or go on; the message is shown to the user as it is.
public struct TrainingError: Error, Sendable, CustomStringConvertible {
  /// The file or option concerned, what was being done, what went wrong and what to do.
  public let message: String

  /// Makes an error.
  public init(_ message: String) { self.message = message }

  /// An error about a file or a folder, as all of Tessera words them.
  public init(_ path: String, _ action: String, _ reason: String) {
    message = "\(path): \(action): \(reason)"
  }

  /// The message.
  public var description: String { message }
}
