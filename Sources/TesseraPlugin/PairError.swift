/// Why a pair cannot do what was asked of it; the message is shown to the user as it is.
public struct PairError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One line: what went wrong and what to do.
  public let message: String

  /// Makes an error with a message that says what to do.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
