/// Why something could not be measured; the message is shown to the user as it is.
public struct MetricsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was being done, what went wrong and what to do.
  public let message: String

  /// Makes an error.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }

  /// The user asked to stop.
  public static let cancelled = MetricsError("stopped on request")
}
