/// The reason why a pair cannot do what was asked; the message is shown to the user unchanged.
public struct PairError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One line: what went wrong and what to do.
  public let message: String

  /// Creates an error with a message that says what to do.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
