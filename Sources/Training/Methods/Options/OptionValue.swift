import Networks

/// What the value of an option may be.
protocol OptionValue: Sendable, Hashable, Codable {
  /// What stands for it in help.
  static var placeholder: String { get }
  /// What it takes, for messages.
  static var words: String { get }
  /// Reads what the command line says.
  init?(option text: String)
  /// What the command line would say.
  var optionText: String { get }
}

extension OptionValue where Self: RawRepresentable, RawValue == String, Self: CaseIterable {
  static var placeholder: String { "name" }
  static var words: String { allCases.map(\.rawValue).joined(separator: ", ") }
  init?(option text: String) { self.init(rawValue: text) }
  var optionText: String { rawValue }
}

extension NormKind: OptionValue {}
extension AdversarialLoss: OptionValue {}
extension Initialization.Kind: OptionValue {}
extension SPADEGenerator.Upsampling: OptionValue {}

extension Int: OptionValue {
  static let (placeholder, words) = ("n", "a whole number")
  init?(option text: String) { self.init(text) }
  var optionText: String { "\(self)" }
}

extension Double: OptionValue {
  static let (placeholder, words) = ("x", "a number")
  init?(option text: String) {
    guard let value = Double(text), value.isFinite else { return nil }
    self = value
  }
  var optionText: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}

extension Bool: OptionValue {
  static let (placeholder, words) = ("flag", "true or false")
  init?(option text: String) { self.init(text) }
  var optionText: String { "\(self)" }
}

extension String: OptionValue {
  static let (placeholder, words) = ("text", "a text")
  init?(option text: String) { self = text }
  var optionText: String { self }
}

extension [Int]: OptionValue {
  static let (placeholder, words) = ("n,…", "whole numbers, as in 0,4,8")
  init?(option text: String) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard !numbers.contains(nil) else { return nil }
    self = numbers.compactMap(\.self)
  }
  var optionText: String { map(String.init).joined(separator: ",") }
}

/// Which values of its type an option takes.
struct OptionBounds<Value: OptionValue>: Sendable {
  /// What it takes, for messages.
  let words: String
  /// The values where there are few, for help.
  let choices: String?
  let contains: @Sendable (Value) -> Bool

  /// Some of the values, in the order of help.
  static func among(_ values: [Value]) -> OptionBounds {
    let texts = values.map(\.optionText)
    let list = texts.dropLast().joined(separator: ", ") + " or \(texts[texts.count - 1])"
    return OptionBounds(words: list, choices: list) { values.contains($0) }
  }
}

extension OptionBounds where Value: CaseIterable {
  static var all: OptionBounds { among(Array(Value.allCases)) }
}

extension OptionBounds where Value: Comparable {
  static func within(_ range: ClosedRange<Value>) -> OptionBounds {
    OptionBounds(
      words: "\(Value.words) from \(range.lowerBound.optionText) to \(range.upperBound.optionText)",
      choices: nil, contains: range.contains)
  }

  static func within(_ range: Range<Value>) -> OptionBounds {
    OptionBounds(
      words:
        "\(Value.words) from \(range.lowerBound.optionText) to below \(range.upperBound.optionText)",
      choices: nil, contains: range.contains)
  }

  static func from(_ minimum: Value) -> OptionBounds {
    OptionBounds(words: "\(Value.words) from \(minimum.optionText) on", choices: nil) {
      $0 >= minimum
    }
  }
}
