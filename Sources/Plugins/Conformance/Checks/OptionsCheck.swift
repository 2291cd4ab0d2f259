import TesseraPlugin

/// Whether a pair keeps to all else with every option at its ends and in between, and with every
/// resolution, or refuses them with a message.
enum OptionsCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let options = subject.description.options.filter { subject.choices.options[$0.name] == nil }
    guard !options.isEmpty else { return .notApplicable("it has no options to vary") }
    let all = settings(of: options, isQuick: subject.limits.isQuick)
    let text = "values of \(options.count) option\(options.count == 1 ? "" : "s")"
    return try run(
      all.map { ($0.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: " "), $0) }
        .map { ($0.0, ConformanceSubject.Setup(options: $0.1)) },
      of: text, subject)
  }

  /// The same pair on pictures of all resolutions and of none.
  static func resolutions(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let all = subject.limits.isQuick ? [0.25, 1] : [0.1, 0.25, 0.5, 1, 4, 20]
    return try run(
      all.map { ("\($0) µm/px", ConformanceSubject.Setup(micronsPerPixel: $0)) },
      of: "resolutions, besides none", subject)
  }

  private static func run(
    _ trials: [(name: String, setup: ConformanceSubject.Setup)], of what: String,
    _ subject: ConformanceSubject
  ) throws -> ConformanceResult {
    var (count, refusals): (Int, [String]) = (0, [])
    for (name, setup) in trials {
      // Networks are the same whatever the option: their calibration is the trial.
      if count > 0, subject.isOverdue { break }
      count += 1
      do {
        if let reason = try refusal(setup, subject) { refusals.append("\(name): \(reason)") }
      } catch let fault as ConformanceFault {
        throw fault.prefixed(name.isEmpty ? "default options" : name)
      }
    }
    let stopped =
      count < trials.count ? ", stopped after \(Int(subject.limits.longest)) s" : ""
    let text = "\(count) \(what)\(stopped)"
    guard let first = refusals.first else { return .passed(text) }
    return .passed("\(text), \(refusals.count) refused (\(first))")
  }

  /// Holds a pair to its output and its halo; says why it refuses the picture, if it does.
  private static func refusal(
    _ setup: ConformanceSubject.Setup, _ subject: ConformanceSubject
  ) throws -> String? {
    var setup = setup
    setup.sides = ConformanceSubject.smallSides
    do {
      switch try subject.calibrate(subject.picture(setup), options: setup.options) {
      case .copies: return nil
      case .refuses(let reason): return reason
      case .ready(var driver):
        guard subject.kind != .model else { return nil }
        if case .refused(let reason) = try driver.runGuarded(driver.whole) { return reason }
        do {
          driver = try FootprintCheck.roomy(driver, subject, setup)
        } catch let fault as ConformanceFault {
          guard case .notApplicable = fault.result else { throw fault }
          return nil
        }
        let isFew = try subject.limits.isQuick || subject.isSlow
        let probe = FootprintProbe(
          driver: driver,
          variants: isFew ? FootprintProbe.fewVariants : Array(0..<PicturePattern.variants))
        let (width, height) = (driver.size.width, driver.size.height)
        for (x, y) in isFew
          ? [(width / 2, height / 2)] : [(width / 2, height / 2), (width - 1, height - 1)]
        {
          _ = try probe.perturb(at: x, y, reach: width + height)
          try probe.compareExtents(at: x, y, reach: width + height)
        }
        try probe.compareCores(at: 0, 0, large: width + height, small: 48)
        return nil
      }
    } catch let error as PairError {
      return error.message
    }
  }

  /// One option at a time at its ends and in between, all at once at the same end, and some of all pairs
  /// of two options.
  private static func settings(of options: [PairOption], isQuick: Bool) -> [[String: String]] {
    var settings: [[String: String]] = [[:]]
    for option in options {
      settings += values(of: option, isQuick: isQuick).filter { $0 != option.defaultValue }
        .map { [option.name: $0] }
    }
    guard options.count > 1 else { return settings }
    for end in [0, 1] {
      settings.append(
        Dictionary(
          options.map { option in
            let ends = ends(of: option)
            return (option.name, end == 0 ? ends.first ?? "" : ends.last ?? "")
          }, uniquingKeysWith: { $1 }))
    }
    let pairs = pairs(of: options).filter { !settings.contains($0) }
    let count = min(pairs.count, isQuick ? 4 : 12)
    // From all over the list, so that every option has its turn.
    return settings + (0..<count).map { pairs[$0 * pairs.count / count] }
  }

  /// Two options at a time, each at another of its ends than its default.
  private static func pairs(of options: [PairOption]) -> [[String: String]] {
    var pairs: [[String: String]] = []
    for (number, first) in options.enumerated() {
      for second in options[(number + 1)...] {
        for one in ends(of: first).prefix(8) where one != first.defaultValue {
          for other in ends(of: second).prefix(8) where other != second.defaultValue {
            pairs.append([first.name: one, second.name: other])
          }
        }
      }
    }
    return pairs
  }

  /// The smallest and the largest value of a number, all words of a choice.
  static func ends(of option: PairOption) -> [String] {
    switch option.kind {
    case .choice(let words): words
    case .number(let range): ["\(range.lowerBound)", "\(range.upperBound)"]
    case .integer(let range): ["\(range.lowerBound)", "\(range.upperBound)"]
    case .flag: ["true", "false"]
    case .text: ["", "a b=ü"]
    }
  }

  /// The ends and, of numbers, some in between.
  private static func values(of option: PairOption, isQuick: Bool) -> [String] {
    let shares = isQuick ? [0.5] : [0.25, 0.5, 0.75, 0.37]
    switch option.kind {
    case .choice(let words): return Array(words.prefix(24))
    case .number(let range):
      let length = range.upperBound - range.lowerBound
      return ends(of: option) + shares.map { "\(range.lowerBound + $0 * length)" }
    case .integer(let range):
      let (length, isHuge) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
      if isHuge { return ends(of: option) }
      if length <= (isQuick ? 3 : 12) { return range.map { "\($0)" } }
      return ends(of: option)
        + shares.map { "\(range.lowerBound + Int(saturating: Double(length) * $0))" }
    case .flag, .text: return ends(of: option)
    }
  }
}
