/// Why a batch cannot start: the command was used wrongly.
public struct BatchError: Error, Sendable, CustomStringConvertible {
  /// `FILE: what was being done: what went wrong and what to do`.
  public let message: String

  /// Makes an error.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
