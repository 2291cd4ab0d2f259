import Base

/// An option of a training method: what it is called and does, what it may be, and which field of the
/// configuration it sets.
///
/// The command line and its help, the checks, and the record of a run all follow from this one
/// declaration; the default is that of the field.
package struct MethodOption<Configuration: Sendable>: Sendable {
  /// Its name, without hyphens in front.
  package let name: String
  /// Names that earlier versions recorded it by, besides its own.
  let formerly: String?
  /// What it does and what it may be.
  private let purpose: String
  /// How it is written.
  package let form: OptionForm
  private let fallback: @Sendable (Configuration) -> String
  private let parse: @Sendable (String, inout Configuration) throws(TesseraError) -> Void
  private let encode: @Sendable (Configuration, inout Record) throws -> Void
  private let decode: @Sendable (SavedRecord, RecordKey, inout Configuration) throws -> Void

  typealias Record = KeyedEncodingContainer<RecordKey>
  typealias SavedRecord = KeyedDecodingContainer<RecordKey>

  /// Sets it from what the command line says.
  ///
  /// - Throws: An error that says what it takes.
  package func set(_ text: String, in configuration: inout Configuration) throws(TesseraError) {
    try parse(text, &configuration)
  }

  func write(_ configuration: Configuration, to record: inout Record) throws {
    try encode(configuration, &record)
  }

  func read(_ key: RecordKey, of record: SavedRecord, into configuration: inout Configuration)
    throws
  { try decode(record, key, &configuration) }

  /// Whether a record means this option; earlier versions wrote `lambdaNCE` for `lambda-nce`.
  func isMeant(by key: RecordKey) -> Bool {
    key.stringValue == name || key.stringValue == formerly
      || key.stringValue.lowercased() == name.filter { $0 != "-" }
  }

  /// The same option of a configuration that holds this one's in a field.
  func within<Whole>(
    _ path: any WritableKeyPath<Whole, Configuration> & Sendable
  ) -> MethodOption<Whole> {
    let (fallback, parse, encode, decode) = (fallback, parse, encode, decode)
    return MethodOption<Whole>(
      name: name, formerly: formerly, purpose: purpose, form: form,
      fallback: { fallback($0[keyPath: path]) },
      parse: { text, whole throws(TesseraError) in try parse(text, &whole[keyPath: path]) },
      encode: { try encode($0[keyPath: path], &$1) },
      decode: { try decode($0, $1, &$2[keyPath: path]) })
  }

  private init(
    name: String, formerly: String?, purpose: String, form: OptionForm,
    fallback: @escaping @Sendable (Configuration) -> String,
    parse: @escaping @Sendable (String, inout Configuration) throws(TesseraError) -> Void,
    encode: @escaping @Sendable (Configuration, inout Record) throws -> Void,
    decode: @escaping @Sendable (SavedRecord, RecordKey, inout Configuration) throws -> Void
  ) {
    (self.name, self.formerly, self.purpose, self.form) = (name, formerly, purpose, form)
    self.fallback = fallback
    (self.parse, self.encode, self.decode) = (parse, encode, decode)
  }

  private init<Value: OptionValue>(
    _ name: String, _ bounds: OptionBounds<Value>?, _ purpose: String, _ form: OptionForm,
    formerly: String? = nil, unset: String = "none",
    get: @escaping @Sendable (Configuration) -> Value?,
    set: @escaping @Sendable (inout Configuration, Value) -> Void
  ) {
    let words = bounds?.words ?? Value.words
    @Sendable func checked(_ value: Value?, _ text: String) throws(TesseraError) -> Value {
      guard let value, bounds?.contains(value) ?? true else {
        throw TesseraError("--\(name)", "reading the option", "it takes \(words), not '\(text)'")
      }
      return value
    }
    self.init(
      name: name, formerly: formerly,
      purpose: purpose + (bounds?.choices.map { ": \($0)" } ?? ""), form: form,
      fallback: { get($0)?.optionText ?? unset },
      parse: { text, configuration throws(TesseraError) in
        set(&configuration, try checked(Value(option: text), text))
      },
      encode: { configuration, record in
        try record.encodeIfPresent(get(configuration), forKey: RecordKey(name))
      },
      decode: { record, key, configuration in
        let value = try record.decode(Value.self, forKey: key)
        set(&configuration, try checked(value, value.optionText))
      })
  }
}

extension MethodOption {
  /// An option with a value; `purpose` is a sentence without its full stop and the default.
  init<Value: OptionValue>(
    _ name: String, _ path: any WritableKeyPath<Configuration, Value> & Sendable,
    _ bounds: OptionBounds<Value>? = nil, _ purpose: String, placeholder: String = Value.placeholder
  ) {
    self.init(
      name, bounds, purpose, .value(placeholder: placeholder), get: { $0[keyPath: path] },
      set: { $0[keyPath: path] = $1 })
  }

  /// An option that is nil unless given; `unset` says what happens then.
  init<Value: OptionValue>(
    _ name: String, _ path: any WritableKeyPath<Configuration, Value?> & Sendable,
    _ bounds: OptionBounds<Value>? = nil, _ purpose: String, unset: String,
    placeholder: String = Value.placeholder
  ) {
    self.init(
      name, bounds, purpose, .value(placeholder: placeholder), unset: unset,
      get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
  }

  /// A flag; one that is not invertible only turns on.
  init(
    flag name: String, _ path: any WritableKeyPath<Configuration, Bool> & Sendable,
    _ purpose: String, isInvertible: Bool = true, formerly: String? = nil
  ) {
    self.init(
      name, nil, purpose, isInvertible ? .invertible : .flag, formerly: formerly,
      get: { $0[keyPath: path] }, set: { $0[keyPath: path] = $1 })
  }
}

extension MethodOption where Configuration: ConfigurationDefaults {
  /// What it does, what it may be, and its default.
  package var help: String {
    let fallback = fallback(Configuration())
    return form == .flag
      ? "\(purpose)." : "\(purpose) (\(["true": "yes", "false": "no"][fallback] ?? fallback))."
  }
}

/// How an option is written.
package enum OptionForm: Sendable, Hashable {
  /// `--name value`.
  case value(placeholder: String)
  /// `--name`.
  case flag
  /// `--name` or `--no-name`.
  case invertible
}

/// A configuration that starts with the paper's defaults.
package protocol ConfigurationDefaults: Sendable { init() }

/// The name of an option in the record of a run.
struct RecordKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
