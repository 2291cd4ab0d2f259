/// A value in a reference file or report: anything that JSON can hold.
public enum PairValue: Sendable, Hashable {
  /// True or false.
  case flag(Bool)
  /// Any number.
  case number(Double)
  /// A string.
  case text(String)
  /// Values in order.
  case list([PairValue])
  /// Values by name.
  case object([String: PairValue])

  /// The number, if it is one.
  public var number: Double? {
    if case .number(let value) = self { value } else { nil }
  }

  /// The string, if it is one.
  public var text: String? {
    if case .text(let value) = self { value } else { nil }
  }

  /// The numbers of a list, if it holds nothing else.
  public var numbers: [Double]? {
    guard case .list(let values) = self else { return nil }
    let numbers = values.compactMap(\.number)
    return numbers.count == values.count ? numbers : nil
  }

  /// The value under `name`, if this is an object that has it.
  public subscript(name: String) -> PairValue? {
    if case .object(let values) = self { values[name] } else { nil }
  }

  /// A list of numbers.
  public static func numbers(_ values: some Sequence<Double>) -> PairValue {
    .list(values.map(PairValue.number))
  }
}

extension PairValue: Codable {
  /// Reads any JSON value except null.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([PairValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: PairValue].self))
    }
  }

  /// Writes the value as plain JSON, without a wrapper.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .flag(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}
