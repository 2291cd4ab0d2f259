import Base

/// The options of a training method, which are its configuration, and what the command line tells of it.
package protocol MethodOptions: ConfigurationDefaults, Hashable {
  /// Its name on the command line.
  static var name: String { get }
  /// Its name in headings.
  static var title: String { get }
  /// A line about it.
  static var summary: String { get }
  /// Published epochs: at the full learning rate, and while it falls.
  static var epochs: (constant: Int, decay: Int) { get }
  /// Whether it learns from label maps.
  static var takesLabels: Bool { get }
  /// Every option.
  static var options: [MethodOption<Self>] { get }
}

/// A training method: everything about it that the trainer asks.
///
/// A new method is a folder with a type like this and the ``TrainingMethod`` that it makes, and a
/// line in ``Methods``.
protocol MethodConfiguration: MethodOptions {
  /// Whether the learning rate falls after each epoch of decay, so that the first still has all of it.
  static var decaysAfterEpochs: Bool { get }

  /// How the discriminator's output becomes a loss.
  var adversarial: AdversarialLoss { get }
  /// A network whose features results and targets are compared by: an ONNX file.
  var perceptual: String? { get set }
  /// What the sides of pictures are multiples of.
  var sizeMultiple: Int { get }

  /// What its data have to be, as they are read.
  func kind(_ reading: DataOptions) -> Dataset.Kind
  /// Chooses what depends on how data are read.
  mutating func adapt(to reading: DataOptions)
  /// Refuses options that do not go together.
  func check() throws(TesseraError)
  /// The method, with new networks.
  func make(_ setting: MethodSetting) throws(TesseraError) -> any TrainingMethod
  /// Adds what a package of the generator has to know and its parameters do not tell.
  func describe(_ network: inout TrainedNetwork, height: Int, width: Int)
}

extension MethodConfiguration {
  package static var takesLabels: Bool { false }
  static var decaysAfterEpochs: Bool { false }
  var perceptual: String? {
    get { nil }
    set {}
  }
  mutating func adapt(to reading: DataOptions) {}
  func check() throws(TesseraError) {}
  func describe(_ network: inout TrainedNetwork, height: Int, width: Int) {}

  fileprivate func isEqual(to other: any MethodConfiguration) -> Bool { other as? Self == self }

  fileprivate mutating func set(_ option: String, _ text: String) throws(TesseraError) {
    guard let found = Self.options.first(where: { $0.name == option }) else {
      throw Methods.foreign(option, to: Self.self)
    }
    try found.set(text, in: &self)
  }

  fileprivate func write(to encoder: any Encoder) throws {
    var record = encoder.container(keyedBy: RecordKey.self)
    for option in Self.options { try option.write(self, to: &record) }
  }

  fileprivate init(reading record: KeyedDecodingContainer<RecordKey>) throws {
    self.init()
    for key in record.allKeys {
      guard let option = Self.options.first(where: { $0.isMeant(by: key) }) else {
        throw Methods.foreign(key.stringValue, to: Self.self)
      }
      do {
        try option.read(key, of: record, into: &self)
      } catch let error as TesseraError {
        let place = (record.codingPath + [key]).map(\.stringValue).joined(separator: ".")
        throw JSONFault("'\(place)' is out of range: \(error.reason)")
      }
    }
  }
}

/// All training methods.
package enum Methods {
  static let registered: [any MethodConfiguration.Type] = [
    Pix2Pix.Configuration.self,
    CycleGAN.Configuration.self,
    CUT.Configuration.self,
    FastCUT.self,
    SPADE.Configuration.self,
    Pix2PixHD.Configuration.self,
  ]

  /// Their options, in the order of help.
  package static var all: [any MethodOptions.Type] { registered }

  static func foreign(_ option: String, to method: any MethodOptions.Type) -> TesseraError {
    TesseraError("--\(option)", "reading the options", "it \(owners(of: option, besides: method))")
  }

  /// Whose option it is that a method has not: what follows after its name.
  package static func owners(of option: String, besides method: any MethodOptions.Type) -> String {
    let others = all.filter { names(of: $0).contains(option) }.map { $0.name }
    let shared = all.reduce(Set(names(of: method))) { $0.intersection(names(of: $1)) }
    let own = names(of: method).filter { !shared.contains($0) }.map { "--\($0)" }
    return (others.isEmpty ? "is no option of any method" : "is an option of \(list(others))")
      + "; \(method.name) has \(own.joined(separator: ", "))"
  }

  /// The names of a method's options.
  package static func names(of method: any MethodOptions.Type) -> [String] {
    func names<Method: MethodOptions>(_: Method.Type) -> [String] { Method.options.map(\.name) }
    return names(method)
  }

  private static func list(_ names: [String]) -> String {
    names.count < 2
      ? names.joined() : names.dropLast().joined(separator: ", ") + " and \(names[names.count - 1])"
  }
}

/// A method with its options as they were chosen.
package struct ChosenMethod: Sendable, Hashable {
  private(set) var configuration: any MethodConfiguration

  /// The method's name.
  package var name: String { type(of: configuration).name }

  init(_ configuration: any MethodConfiguration) { self.configuration = configuration }

  /// The method of a name, as it was published.
  package init?(named name: String) {
    guard let type = Methods.registered.first(where: { $0.name == name }) else { return nil }
    configuration = type.init()
  }

  /// Sets an option to what the command line says.
  package mutating func set(_ option: String, _ text: String) throws(TesseraError) {
    try configuration.set(option, text)
  }

  /// Whether each configuration is of the same method with the same options.
  package static func == (a: ChosenMethod, b: ChosenMethod) -> Bool {
    a.configuration.isEqual(to: b.configuration)
  }

  package func hash(into hasher: inout Hasher) { configuration.hash(into: &hasher) }
}

/// The record of a method's options: an object with a field an option.
extension ChosenMethod: Encodable {
  package func encode(to encoder: any Encoder) throws { try configuration.write(to: encoder) }

  /// Reads the options of a method from a record; what it does not say is as it was published.
  init(_ method: String, from decoder: any Decoder) throws {
    guard let type = Methods.registered.first(where: { $0.name == method }) else {
      throw TesseraError(method, "reading the settings", "there is no such method")
    }
    configuration = try type.init(reading: try decoder.container(keyedBy: RecordKey.self))
  }
}
