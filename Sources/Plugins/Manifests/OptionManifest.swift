public import TesseraPlugin

/// An option of a pair, as a manifest declares it.
public struct OptionManifest: Codable, Sendable, Hashable {
  /// What values it takes.
  public enum Kind: String, Codable, Sendable {
    /// One of `values`.
    case choice
    /// A number in `range`.
    case number
    /// A whole number in `range`.
    case integer
    /// `true` or `false`.
    case flag
    /// Any text.
    case text
  }

  /// The name, in kebab case.
  public var name: String
  /// What values it takes.
  public var type: Kind
  /// The words of a choice.
  public var values: [String]?
  /// Both ends of a number's range.
  public var range: [Double]?
  /// The value where the user gives none.
  public var `default`: PairValue
  /// One line that says what it does.
  public var help: String

  /// The option, where the manifest is right.
  var option: PairOption? {
    guard let kind else { return nil }
    return PairOption(name, kind, default: defaultText, help: help)
  }

  private var kind: PairOption.Kind? {
    switch type {
    case .choice: values.map { .choice($0) }
    case .flag: .flag
    case .text: .text
    case .number, .integer:
      range.flatMap { range in
        guard range.count == 2, range.allSatisfy(\.isFinite), range[0] <= range[1] else {
          return nil
        }
        guard type == .integer else { return .number(range[0]...range[1]) }
        guard let low = Int(exactly: range[0]), let high = Int(exactly: range[1]) else {
          return nil
        }
        return .integer(low...high)
      }
    }
  }

  /// As the user would type it.
  private var defaultText: String {
    switch `default` {
    case .flag(let value): "\(value)"
    case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
    case .text(let value): value
    case .list, .object: ""
    }
  }

  /// Says what is wrong, or nothing.
  var fault: String? {
    guard PluginName.isValid(name) else { return "its name is not in kebab case" }
    guard let option else {
      return type == .choice
        ? "a choice needs its values, as in [\"soft\", \"hard\"]"
        : "a \(type.rawValue) needs its range, as in [0, 1]"
    }
    return option.fault(in: option.defaultValue).map {
      "its default '\(option.defaultValue)' is none of its own values: \($0)"
    }
  }
}
