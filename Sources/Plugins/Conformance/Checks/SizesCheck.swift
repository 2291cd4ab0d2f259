import TesseraPlugin

/// Whether a translator keeps to its halo in pictures of other sizes, far from their corner, in large
/// cores, and among extreme colors.
enum SizesCheck {
  /// A picture and what is looked at in it.
  private struct Trial {
    let sides: [Int]
    var pattern = PicturePattern.tissue(seed: 1)
    var spots: [(x: Int, y: Int)] = []
    /// Cores that are compared with small ones, and where.
    var cores: [(x: Int, y: Int, side: Int)] = []
  }

  /// Small pictures, an ordinary one, two of more than four megapixels, whose overview is reduced, and
  /// one as large as a slide, of which little is painted.
  static func sizes(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let ordinary = Trial(
      sides: [1600, 1200], spots: [(801, 603), (1599, 1199)],
      cores: [(700, 500, 512), (0, 0, 1100), (0, 0, 1600)])
    let wide = Trial(
      sides: [33_001, 130], spots: [(2100, 60), (16_500, 60), (32_900, 60)],
      cores: [(4300, 0, 512), (20_000, 0, 768), (32_800, 0, 512)])
    let tall = Trial(
      sides: [260, 16_501], spots: [(130, 4200), (130, 16_400)],
      cores: [(0, 4300, 512), (0, 16_300, 768)])
    let far = Trial(
      sides: farSides, spots: [(2100, 2060), (40_000, 36_002)],
      cores: [(2100, 2060, 512), (9000, 5000, 300), (39_900, 35_900, 512)])
    let trials =
      subject.limits.isQuick
      ? [
        Trial(
          sides: [700, 600], spots: [(351, 303)], cores: [(0, 0, 700)])
      ]
      : [
        Trial(sides: [41, 57], cores: [(0, 0, 100)]), ordinary, wide, tall,
      ] + (try takesFar(subject) ? [far] : [])
    return try run(trials, nil, subject)
  }

  /// More pixels than 31 bits count bytes of, far in both directions; of an odd size.
  private static let farSides = [40_001, 36_003]

  /// Whether a pair looks at no more of a picture than its overview and some samples.
  private static func takesFar(_ subject: ConformanceSubject) throws -> Bool {
    let pair = subject.description
    guard subject.kind != .model, !pair.takesVolumes, pair.windowChannels == pair.channels else {
      return false
    }
    let image = ImageDescription(
      width: farSides[0], height: farSides[1], channels: pair.channels,
      format: subject.formats.first ?? .uint8)
    let options = try PairOptions(subject.choices.options, declared: pair.declaredOptions)
    return try subject.pair.reducer(for: image, options: options) == nil
  }

  /// Black, white, gray and saturated patches, noise and hot pixels.
  static func extremes(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let formats = subject.limits.isQuick ? Array(subject.formats.prefix(1)) : subject.formats
    var result = ConformanceResult.notApplicable("it takes no sample format")
    for format in formats {
      result = try run(
        [
          Trial(
            sides: [440, 360], pattern: .extremes,
            spots: [(20, 20), (221, 183), (379, 120), (60, 300), (439, 359)],
            cores: [(0, 0, 440)])
        ], format, subject)
      if try subject.kind == .model || subject.isSlow { break }
    }
    return result
  }

  private static func run(
    _ trials: [Trial], _ format: SampleFormat?, _ subject: ConformanceSubject
  ) throws -> ConformanceResult {
    var done: [String] = []
    var notes: [String] = []
    for trial in trials {
      if !done.isEmpty, subject.isOverdue {
        notes.append("stopped after \(Int(subject.limits.longest)) s")
        break
      }
      let sides = "\(trial.sides[0]) x \(trial.sides[1]) px"
      let setup = ConformanceSubject.Setup(
        format: format, sides: trial.sides, pattern: trial.pattern)
      switch try subject.calibrate(subject.picture(setup)) {
      case .copies: notes.append("\(sides) copied unchanged")
      case .refuses(let reason): notes.append("\(sides) refused (\(reason))")
      case .ready(let driver):
        do {
          try look(trial, driver, subject)
        } catch let fault as ConformanceFault {
          throw fault.prefixed("a picture of \(sides)")
        } catch let error as PairError {
          throw ConformanceFault.failed(
            "a picture of \(sides) that it had taken is refused later: \(error.message)")
        }
        done.append(sides)
      }
    }
    let text = done.isEmpty ? [] : ["pictures of \(done.joined(separator: ", "))"]
    return .passed((text + notes).joined(separator: "; "))
  }

  private static func look(
    _ trial: Trial, _ driver: WindowDriver, _ subject: ConformanceSubject
  ) throws {
    let isSlow = try subject.isSlow
    let isNetwork = subject.kind == .model
    let probe = FootprintProbe(
      driver: driver,
      variants: isNetwork
        ? [0]
        : isSlow || subject.limits.isQuick
          ? FootprintProbe.fewVariants : Array(0..<PicturePattern.variants))
    // Far enough to see what lies beyond the halo, and no farther: these pictures are large.
    let reach = driver.halo + max(64, 2 * driver.translator.footprint.alignment)
    for (x, y) in isNetwork || isSlow ? Array(trial.spots.suffix(1)) : trial.spots {
      _ = try probe.perturb(at: x, y, reach: reach)
      try probe.compareExtents(at: x, y, reach: reach)
    }
    // Networks hold much more than pixels for a window; their cores are chosen by the engine.
    guard !isNetwork else { return }
    if isSlow {
      guard let (x, y, side) = trial.cores.first else { return }
      return try probe.compareCores(at: x, y, large: min(side, 512), small: 97)
    }
    for (x, y, side) in trial.cores {
      try probe.compareCores(at: x, y, large: side, small: 97)
    }
    let preferred = driver.translator.footprint.preferredCore
    if let (x, y, side) = trial.cores.first, preferred != side {
      try probe.compareCores(at: x, y, large: min(preferred, 2048), small: 64)
    }
  }
}
