import Foundation
import TesseraPlugin
import TileIO
import Translation

/// The pair that a suite is run on, and how it is made ready.
final class ConformanceSubject {
  /// What is left of a calibration.
  enum Readiness {
    case ready(WindowDriver)
    case copies(reason: String)
    case refuses(String)
  }

  /// Sides of the picture that most checks use: odd, and large enough for a window within.
  static let pictureSides = [333, 257]

  /// The pair.
  let pair: any DomainPair
  /// How it is made.
  let kind: PluginKind
  /// The folder in which files that belong to it lie; nil for what is built in.
  let folder: URL?
  /// How thorough the suite is.
  let limits: ConformanceLimits
  /// Told whenever something has been done.
  let isAlive: @Sendable () -> Void
  /// What the user is told about it.
  let description: PairDescription
  /// As many threads as the machine has.
  let pool = WorkerPool()
  private var drivers: [SampleFormat: WindowDriver] = [:]
  private var windowSeconds: Double?

  /// Looks at `pair`.
  init(
    _ pair: any DomainPair, kind: PluginKind, url: URL? = nil, limits: ConformanceLimits,
    isAlive: @escaping @Sendable () -> Void
  ) {
    self.pair = pair
    self.kind = kind
    folder = url.map(Self.folder)
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

  /// Lets the pair look at `picture` as the engine does.
  func calibrate(
    _ picture: TestPicture, options: [String: String] = [:]
  ) throws -> Readiness {
    let settings = TranslationSettings(
      pair, options: try PairOptions(options, declared: description.options))
    do {
      let calibration = try TranslationEngine(pool: pool).calibrate(
        PictureSource(picture), settings)
      isAlive()
      switch calibration.outcome {
      case .copy(let reason): return .copies(reason: reason)
      case .translate(let translator):
        return .ready(
          WindowDriver(
            translator: translator, pair: description, picture: picture, isAlive: isAlive))
      }
    } catch let error as PairError {
      isAlive()
      return .refuses(error.message)
    }
  }

  /// A translator that has been calibrated anew on the usual picture, or on one of other sides.
  func freshDriver(
    _ format: SampleFormat? = nil, sides: [Int] = ConformanceSubject.pictureSides, seed: Int = 1
  ) throws -> WindowDriver {
    let picture = TestPicture(
      description, width: sides[0], height: sides[1], format: format,
      pattern: .tissue(seed: seed))
    switch try calibrate(picture) {
    case .ready(let driver): return driver
    case .copies(let reason):
      throw ConformanceFault.notApplicable("it copies the test picture unchanged: \(reason)")
    case .refuses(let reason):
      throw ConformanceFault.failed("it refuses the test picture: \(reason)")
    }
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
    guard pool.count != self.pool.count, let network = pair as? NetworkPair else { return pair }
    return try network.running(on: pool)
  }
}
