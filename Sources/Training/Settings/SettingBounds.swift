import Base

/// What a setting of a run may be, on the command line and in `config.json` alike.
///
/// The options of methods have bounds of their own, where they are declared.
package struct SettingBounds: Sendable {
  /// Its field of `config.json`, such as `reading.cropSize`.
  let field: String
  /// What it takes, for messages.
  let words: String
  /// What it is, where it is set and out of bounds.
  private let offence: @Sendable (TrainingSettings) -> String?

  private static let many = 1_000_000_000
  private static let all: [SettingBounds] = [
    count("epochs", 0...many) { $0.epochs },
    count("epochsDecay", 0...many) { $0.epochsDecay },
    count("maxSteps", 1...many) { $0.maxSteps },
    count("saveEvery", 1...many) { $0.saveEvery },
    count("batchSize", 1...4096) { $0.batchSize },
    count("threads", 1...1024) { $0.threads },
    share("ema", "a share above 0 and below 1", { $0 > 0 && $0 < 1 }) { $0.ema },
    count("reading.loadSize", 8...65536) { $0.reading.loadSize },
    count("reading.cropSize", 8...65536) { $0.reading.cropSize },
    count("reading.cropsPerSlide", 1...1_000_000) { $0.reading.cropsPerSlide },
    count("reading.sourceChannels", 1...4096) { $0.reading.sourceChannels },
    count("reading.targetChannels", 1...4096) { $0.reading.targetChannels },
    count("reading.holdOut", 0...1_000_000) { $0.reading.holdOut },
    count("reading.labelClasses", 0...4096) { $0.reading.labelClasses },
    share("reading.stainJitter", "a share from 0 to 1", (0...1).contains) {
      $0.reading.stainJitter
    },
    window("reading.sourceWindow") { $0.reading.sourceWindow },
    window("reading.targetWindow") { $0.reading.targetWindow },
  ]

  private static func count(
    _ field: String, _ range: ClosedRange<Int>,
    _ value: @escaping @Sendable (TrainingSettings) -> Int?
  ) -> SettingBounds {
    SettingBounds(
      field: field, words: "a number from \(range.lowerBound) to \(range.upperBound)"
    ) { settings in
      value(settings).flatMap { range.contains($0) ? nil : "\($0)" }
    }
  }

  private static func share(
    _ field: String, _ words: String, _ contains: @escaping @Sendable (Double) -> Bool,
    _ value: @escaping @Sendable (TrainingSettings) -> Double?
  ) -> SettingBounds {
    SettingBounds(field: field, words: words) { settings in
      value(settings).flatMap { contains($0) ? nil : "\($0)" }
    }
  }

  private static func window(
    _ field: String, _ value: @escaping @Sendable (TrainingSettings) -> [Float]?
  ) -> SettingBounds {
    SettingBounds(field: field, words: "two rising numbers") { settings in
      value(settings).flatMap { window in
        let isRising =
          window.count == 2 && window.allSatisfy(\.isFinite) && window[0] < window[1]
        return isRising ? nil : "\(window)"
      }
    }
  }

  /// The option that sets it, such as `--crop-size`.
  var option: String {
    let name = field.split(separator: ".").last ?? ""
    return "--" + name.map { $0.isUppercase ? "-\($0.lowercased())" : "\($0)" }.joined()
  }

  /// What is wrong with the options that `apply` sets, in words of the command line.
  package static func fault(ofOptions apply: (inout TrainingSettings) -> Void) -> String? {
    var settings = TrainingSettings(ChosenMethod(Pix2Pix.Configuration()), data: "", threads: 1)
    apply(&settings)
    return all.first { $0.offence(settings) != nil }.map { "\($0.option) takes \($0.words)." }
  }

  /// What is wrong with settings that were recorded in the object called `place`.
  static func fault(of settings: TrainingSettings, in place: String) -> String? {
    for bounds in all {
      guard let offence = bounds.offence(settings) else { continue }
      return "'\(place)\(bounds.field)' is \(offence); it takes \(bounds.words)"
    }
    return nil
  }
}
