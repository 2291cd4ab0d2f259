/// Why a network cannot be read, analysed or rewritten; the message is shown to the user as it is.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was being done, such as "reading the model".
  public let action: String
  /// What went wrong and what to do.
  public let reason: String

  /// Makes an error; line breaks in `reason` become spaces.
  public init(_ action: String, _ reason: String) {
    self.action = action
    self.reason = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// `what was being done: what went wrong`, one line.
  public var description: String { "\(action): \(reason)" }
}
