/// Why a network cannot be read, analyzed or rewritten; the message is shown to the user as it is.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was being done, such as "reading the model".
  public let action: String
  /// What went wrong and what to do.
  public let reason: String
  /// Whether neither another size of picture nor cross-faded windows would make the network right.
  public let isFinal: Bool

  /// Makes an error of one line: names of a file may hold anything, so whatever is no text becomes
  /// a space, and what is too long is cut off.
  public init(_ action: String, _ reason: String, isFinal: Bool = false) {
    self.action = action
    self.isFinal = isFinal
    var line = ""
    for scalar in reason.unicodeScalars.prefix(Self.longest) {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: line += " "
      default: line.unicodeScalars.append(scalar)
      }
    }
    if reason.unicodeScalars.count > Self.longest { line += " …" }
    self.reason = line
  }

  private static let longest = 600

  /// `what was being done: what went wrong`, one line.
  public var description: String { "\(action): \(reason)" }
}
