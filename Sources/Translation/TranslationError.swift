/// Why an image could not be translated; the message is shown to the user as it is.
public struct TranslationError: Error, Sendable, CustomStringConvertible {
  /// What was being done, what went wrong and what to do.
  public let message: String

  /// Makes an error.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }

  /// The user asked to stop.
  public static let cancelled = TranslationError("stopped on request")
}
