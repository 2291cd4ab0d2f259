import Base
import Foundation
import TesseraPlugin
import Translation

/// The pair that a suite is run on, and how it is made ready.
final class ConformanceSubject {
  /// What is left of a calibration.
  enum Readiness {
    case ready(WindowDriver)
    case copies(reason: String)
    case refuses(String)
  }

  /// What a pair is calibrated on, and how.
  struct Setup {
    var format: SampleFormat?
    var sides = ConformanceSubject.pictureSides
    var pattern = PicturePattern.tissue(seed: 1)
    var micronsPerPixel: Double?
    var options: [String: String] = [:]
  }

  /// Sides of the picture that most checks use: odd, and large enough for a window within.
  static let pictureSides = [333, 257]
  /// The same where many calibrations are tried.
  static let smallSides = [141, 119]

  /// The pair.
  let pair: any DomainPair
  /// How it is made.
  let kind: PluginKind
  /// The folder in which files that belong to it lie; nil for what is built in.
  let folder: URL?
  /// What the user chose.
  let choices: ConformanceChoices
  /// How thorough the suite is.
  let limits: ConformanceLimits
  /// Told whenever something has been done.
  let isAlive: @Sendable () -> Void
  /// What another process makes of the same pictures; nil where there is none to ask.
  var otherFingerprints: (() throws -> [Fingerprint])?
  /// What the user is told about it.
  let description: PairDescription
  /// As many threads as the machine has.
  let pool = WorkerPool()
  private var drivers: [SampleFormat: WindowDriver] = [:]
  private var windowSeconds: Double?
  private var fitted: PairValue?
  private var start = ContinuousClock.now

  /// Looks at `pair`.
  init(
    _ pair: any DomainPair, kind: PluginKind, url: URL? = nil,
    choices: ConformanceChoices = ConformanceChoices(), limits: ConformanceLimits,
    isAlive: @escaping @Sendable () -> Void
  ) {
    self.pair = pair
    self.kind = kind
    folder = url.map(Self.folder)
    self.choices = choices
    self.limits = limits
    self.isAlive = isAlive
    description = pair.description
  }

  private static func folder(of url: URL) -> URL {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory)
    return exists && isDirectory.boolValue ? url : url.deletingLastPathComponent()
  }

  /// The declared sample formats; a quick suite takes the two ends, and so do networks, which compute
  /// in floats whatever comes in.
  var formats: [SampleFormat] {
    let all = SampleFormat.allCases.filter(description.formats.contains)
    guard limits.isQuick || kind == .model, all.count > 2 else { return all }
    return [all[0], all[all.count - 1]]
  }

  /// Whether so few windows can be tried that checks must choose.
  var isSlow: Bool {
    get throws {
      if let windowSeconds { return windowSeconds > Self.slowWindow }
      let driver = try driver()
      let places = driver.places(core: 48)
      let place = places[places.count / 2]
      _ = try driver.run(place)
      let start = ContinuousClock.now
      _ = try driver.run(place)
      let seconds = (ContinuousClock.now - start).seconds
      windowSeconds = seconds
      return seconds > Self.slowWindow
    }
  }

  private static let slowWindow = 0.02

  /// Notes that a check begins.
  func begin() { start = .now }

  /// Whether the check that has begun last goes on for longer than checks may.
  var isOverdue: Bool { (ContinuousClock.now - start).seconds > limits.longest }

  /// Lets the pair look at `picture` as the engine does; one that needs a reference and can make one
  /// gets that of the usual picture.
  func calibrate(
    _ picture: TestPicture, options: [String: String] = [:], pair other: (any DomainPair)? = nil
  ) throws -> Readiness {
    let given = options.merging(choices.options) { $1 }
    var settings = TranslationSettings(
      other ?? pair, options: try PairOptions(given, declared: description.declaredOptions))
    settings.reference = choices.reference ?? fitted
    settings.furtherImages = picture.furtherSources
    let outcome: Calibration.Outcome
    do {
      outcome = try calibration(picture, settings)
    } catch let error as PairError {
      guard settings.reference == nil, let made = try? fit(self.picture(Setup())) else {
        isAlive()
        return .refuses(error.message)
      }
      settings.reference = made
      do {
        outcome = try calibration(picture, settings)
      } catch let error as PairError {
        isAlive()
        return .refuses(error.message)
      }
      fitted = made
    }
    isAlive()
    switch outcome {
    case .copy(let reason): return .copies(reason: reason)
    case .translate(let translator):
      return .ready(
        WindowDriver(
          translator: translator, pair: description, picture: picture, isAlive: isAlive))
    }
  }

  private func calibration(
    _ picture: TestPicture, _ settings: TranslationSettings
  ) throws -> Calibration.Outcome {
    try TranslationEngine(pool: pool).calibrate(picture.source, settings).outcome
  }

  /// The pair's target of a picture.
  func fit(_ picture: TestPicture) throws -> PairValue {
    defer { isAlive() }
    var settings = TranslationSettings(
      pair, options: try PairOptions(choices.options, declared: description.declaredOptions))
    settings.furtherImages = picture.furtherSources
    return try TranslationEngine(pool: pool).fit(picture.source, settings)
  }

  /// A translator that has been calibrated anew; where the pair copies or refuses the picture, the
  /// check ends.
  func freshDriver(_ setup: Setup) throws -> WindowDriver {
    switch try calibrate(picture(setup), options: setup.options) {
    case .ready(let driver): return driver
    case .copies(let reason):
      throw ConformanceFault.notApplicable("it copies the test picture unchanged: \(reason)")
    case .refuses(let reason):
      throw ConformanceFault.failed("it refuses the test picture: \(reason)")
    }
  }

  /// The picture of a setup.
  func picture(_ setup: Setup) -> TestPicture {
    TestPicture(
      description, width: setup.sides[0], height: setup.sides[1], format: setup.format,
      pattern: setup.pattern, micronsPerPixel: setup.micronsPerPixel)
  }

  /// A translator that has been calibrated anew on the usual picture, or on one of other sides.
  func freshDriver(
    _ format: SampleFormat? = nil, sides: [Int] = ConformanceSubject.pictureSides
  ) throws -> WindowDriver {
    try freshDriver(Setup(format: format, sides: sides))
  }

  /// The translator of the usual picture, calibrated once.
  func driver(_ format: SampleFormat? = nil) throws -> WindowDriver {
    let key = format ?? SampleFormat.allCases.first(where: description.formats.contains) ?? .uint8
    if let known = drivers[key] { return known }
    let driver = try freshDriver(key)
    drivers[key] = driver
    return driver
  }

  /// The pair on other threads: a network divides its own.
  func pair(on pool: WorkerPool) throws -> any DomainPair {
    pool.count == self.pool.count ? pair : try pair.running(onThreads: pool.count)
  }

  /// The reference that the pair is used with, if any.
  var reference: PairValue? { choices.reference ?? fitted }
}
