import TesseraPlugin

/// Whether what a pair says of itself can be true.
enum DescriptionCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let description = subject.description
    if let fault = description.fault { return .failed(fault) }
    for (name, text) in [
      ("title", description.title), ("source domain", description.sourceDomain),
      ("target domain", description.targetDomain), ("licence", description.license),
      ("summary", description.summary),
    ] where text.isEmpty { return .failed("its \(name) is empty") }
    if let range = description.outputRange,
      !(range.lowerBound.isFinite && range.upperBound.isFinite)
    {
      return .failed("the range that it declares is not finite")
    }
    // A description is asked for again and again.
    guard subject.pair.description == description else {
      return .failed("it describes itself differently when it is asked again")
    }
    let formats = SampleFormat.allCases.filter(description.formats.contains).map(\.rawValue)
    let scale = description.scale
    let parts = [
      "\(description.channels) → \(description.outputChannels) channels",
      formats.joined(separator: ", "),
      scale == .one ? nil : "scale \(scale.numerator)/\(scale.denominator)",
      "\(description.options.count) option\(description.options.count == 1 ? "" : "s")",
    ]
    return .passed(parts.compactMap(\.self).joined(separator: "; "))
  }
}

/// Whether a pair makes a translator of an ordinary picture.
enum CalibrationCheck {
  /// A halo beyond this is no halo.
  private static let largest = 8192

  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    var first: Footprint?
    for format in subject.formats {
      let footprint = try subject.driver(format).translator.footprint
      guard footprint.halo <= largest, footprint.alignment <= largest else {
        return .failed(
          "it declares a halo of \(footprint.halo) px and an alignment of \(footprint.alignment) px"
        )
      }
      first = first ?? footprint
    }
    guard let first else { return .notApplicable("it takes no sample format") }
    return .passed(
      "halo \(first.halo) px, alignment \(first.alignment) px, cores of \(first.preferredCore) px")
  }
}

/// Whether a pair that makes references can use them, alone and combined.
enum ReferenceCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let picture = subject.picture(.init())
    let other = subject.picture(.init(pattern: .tissue(seed: 4)))
    let references: [PairValue]
    do {
      references = [try subject.fit(picture), try subject.fit(other)]
    } catch let error as PairError {
      return .notApplicable("it makes none: \(error.message)")
    }
    guard try subject.fit(picture) == references[0] else {
      return .failed("it makes another reference of the same picture")
    }
    var combined: PairValue?
    var text = "made of a picture"
    do throws(PairError) {
      combined = try subject.pair.combine(references)
      text += " and of two"
    } catch {
      guard (subject.pair as? ProcessPair)?.combines != true else {
        return .failed("its manifest says that it combines references: \(error.message)")
      }
      text += "; two are not combined (\(error.message))"
    }
    for reference in [references[0], combined].compactMap(\.self) {
      var choices = subject.choices
      choices.reference = reference
      let user = ConformanceSubject(
        subject.pair, kind: subject.kind, choices: choices, limits: subject.limits,
        isAlive: subject.isAlive)
      switch try user.calibrate(picture) {
      case .copies: continue
      case .refuses(let reason):
        return .failed("it refuses the reference that it made: \(reason)")
      case .ready(let driver):
        if case .refused(let reason) = try driver.runGuarded(driver.whole) {
          return .failed("it translates nothing with the reference that it made: \(reason)")
        }
      }
    }
    return .passed("\(text), and used")
  }
}

/// Whether a program kept running through all checks.
enum RestartsCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    guard let program = subject.pair as? ProcessPair else {
      return .notApplicable("it is no program")
    }
    let ends = program.abnormalEnds
    guard !ends.isEmpty else { return .passed("the program never ended unasked") }
    return .failed(
      ends.sorted { $0.key < $1.key }.map {
        "the program \($0.key)\($0.value == 1 ? "" : ", \($0.value) times")"
      }.joined(separator: "; ")
        + "; tessera started it again, which takes time and hides the fault")
  }
}
