import TesseraPlugin

/// The options of a pair with values of their own types, as a program gets them.
struct OptionValues: Encodable, Sendable {
  private let values: [String: PairValue]

  /// Gives what the user typed the types that `declared` has.
  init(_ options: PairOptions, declared: [PairOption]) {
    values = Dictionary(
      declared.map { option in
        let value: PairValue =
          switch option.kind {
          case .choice, .text: .text(options.text(option.name))
          case .number, .integer: .number(options.number(option.name))
          case .flag: .flag(options.flag(option.name))
          }
        return (option.name, value)
      }, uniquingKeysWith: { first, _ in first })
  }

  func encode(to encoder: any Encoder) throws { try values.encode(to: encoder) }
}
