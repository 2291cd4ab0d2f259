#if Training
  import ArgumentParser
  import Base
  import Training

  /// The options of a method on the command line, just as its configuration declares them.
  ///
  /// The argument parser looks for options among the children of a mirror, and asks for their values by
  /// the same labels; both come from the declarations instead of from stored properties.
  struct MethodArguments<Method: MethodOptions>: ParsableArguments, CustomReflectable {
    /// Options that were given, with their values.
    private(set) var given: [(option: String, value: String)] = []

    init() {}

    init(from decoder: any Decoder) throws {
      let arguments = try decoder.container(keyedBy: Label.self)
      for option in Method.options {
        let label = Label(stringValue: option.name)
        let value: String? =
          switch option.form {
          case .value: try arguments.decode(Option<String?>.self, forKey: label).wrappedValue
          case .flag:
            try arguments.decode(Flag<Bool>.self, forKey: label).wrappedValue ? "true" : nil
          case .invertible:
            try arguments.decode(Flag<Bool?>.self, forKey: label).wrappedValue.map { "\($0)" }
          }
        if let value { given.append((option.name, value)) }
      }
    }

    var customMirror: Mirror {
      Mirror(self, children: Method.options.map { (label: $0.name, value: Self.argument($0)) })
    }

    private static func argument(_ option: MethodOption<Method>) -> Any {
      let (name, help) = (NameSpecification.customLong(option.name), option.help)
      switch option.form {
      case .flag: return Flag<Bool>(wrappedValue: false, name: name, help: ArgumentHelp(help))
      case .invertible:
        return Flag<Bool?>(name: name, inversion: .prefixedNo, help: ArgumentHelp(help))
      case .value(let placeholder):
        return Option<String?>(name: name, help: ArgumentHelp(help, valueName: placeholder)) {
          text in
          var configuration = Method()
          do throws(TesseraError) { try option.set(text, in: &configuration) } catch {
            throw ValidationError(error.reason)
          }
          return text
        }
      }
    }

    private struct Label: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
  }
#endif
