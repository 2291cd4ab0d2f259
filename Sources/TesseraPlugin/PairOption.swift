/// An option of a pair, set by the user as `--set name=value`.
public struct PairOption: Sendable, Hashable {
  /// The type of values that an option takes.
  public enum Kind: Sendable, Hashable {
    /// One of these words.
    case choice([String])
    /// A number in this range.
    case number(ClosedRange<Double>)
    /// A whole number in this range.
    case integer(ClosedRange<Int>)
    /// `true` or `false`.
    case flag
    /// Any text.
    case text
  }

  /// The name, in kebab case.
  public let name: String
  /// The type of values that it takes.
  public let kind: Kind
  /// The default value, as the user would type it.
  public let defaultValue: String
  /// One line saying what the option does.
  public let help: String

  /// Declares an option.
  public init(_ name: String, _ kind: Kind, default defaultValue: String, help: String) {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.help = help
  }

  /// Describes what is wrong with `value`, or returns nil if it is valid.
  public func fault(in value: String) -> String? {
    switch kind {
    case .choice(let words):
      return words.contains(value) ? nil : "use one of \(words.joined(separator: ", "))"
    case .number(let range):
      guard let number = Double(value), number.isFinite, range.contains(number) else {
        return "use a number from \(range.lowerBound) to \(range.upperBound)"
      }
      return nil
    case .integer(let range):
      guard let number = Int(value), range.contains(number) else {
        return "use a whole number from \(range.lowerBound) to \(range.upperBound)"
      }
      return nil
    case .flag: return value == "true" || value == "false" ? nil : "use true or false"
    case .text: return nil
    }
  }
}

/// The checked options of one pair, each with a value.
public struct PairOptions: Sendable, Hashable {
  /// Every option with its value, as the user would type it.
  public let values: [String: String]

  /// Fills in the defaults and checks what the user set; throws for a name or value that `declared`
  /// does not allow.
  public init(_ given: [String: String] = [:], declared: [PairOption]) throws(PairError) {
    var values = [String: String](
      declared.map { ($0.name, $0.defaultValue) }, uniquingKeysWith: { first, _ in first })
    for (name, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let option = declared.first(where: { $0.name == name }) else {
        let known = declared.map(\.name).joined(separator: ", ")
        throw PairError(
          "there is no option '\(name)'; "
            + (known.isEmpty ? "this pair has none" : "this pair has \(known)"))
      }
      if let fault = option.fault(in: value) {
        throw PairError("option \(name) cannot be '\(value)': \(fault)")
      }
      values[name] = value
    }
    self.values = values
  }

  /// The value of a choice or text option.
  public func text(_ name: String) -> String {
    guard let value = values[name] else { preconditionFailure("no option is called \(name)") }
    return value
  }

  /// The value of a number or integer option.
  public func number(_ name: String) -> Double {
    guard let value = Double(text(name)) else { preconditionFailure("\(name) is no number") }
    return value
  }

  /// The value of a flag.
  public func flag(_ name: String) -> Bool { text(name) == "true" }
}
