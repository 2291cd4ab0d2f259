import Base
import Foundation
import TesseraPlugin

/// Whether a translator is the same after many megapixels, in another order, and in another process.
enum LongRunCheck {
  private static let sides = [2304, 1920]

  /// Translates a picture of 4 megapixels twice, the second time backwards.
  static func state(_ subject: ConformanceSubject) throws -> ConformanceResult {
    guard !subject.limits.isQuick else { return .notApplicable("left out by --quick") }
    let isSlow = try subject.isSlow
    let driver = try subject.freshDriver(sides: isSlow ? [640, 480] : sides)
    let places = driver.places(core: isSlow ? 128 : 512)
    let first = places.prefix(3)
    let expected = try first.map { try driver.run($0) }
    var results: [WindowDriver.Place: [UInt8]] = [:]
    var pixels = 0
    for place in places {
      if subject.isOverdue { break }
      results[place] = try driver.run(place)
      pixels += place.core.area
    }
    let text = { "\((Double(pixels) / 100_000).rounded() / 10) megapixels" }
    func check(_ place: WindowDriver.Place, _ known: [UInt8], _ driver: WindowDriver) throws {
      guard
        let difference = SampleDifference(known, try driver.run(place), driver.outputFormat)
      else { return }
      throw ConformanceFault.failed(
        "the core \(place.core) comes out differently after \(text()): \(difference)")
    }
    for (place, known) in zip(first, expected) { try check(place, known, driver) }
    // The other way round; what is left of the time is enough for a few at least.
    for (index, place) in places.reversed().enumerated() {
      guard let known = results[place], index < 3 || !subject.isOverdue else { continue }
      try check(place, known, driver)
      pixels += place.core.area
    }
    for (place, known) in zip(first, expected) { try check(place, known, driver) }
    let fresh = try subject.freshDriver(sides: [driver.size.width, driver.size.height])
    for (place, known) in zip(first, expected) { try check(place, known, fresh) }
    return .passed("the same windows after \(text()), forwards and backwards")
  }

  /// Compares what this process makes of pictures with what another makes of them in another order.
  static func otherProcess(_ subject: ConformanceSubject) throws -> ConformanceResult {
    guard let other = subject.otherFingerprints else {
      return .notApplicable("there is no other process to ask")
    }
    let own = Fingerprint.all(subject, isReversed: false)
    let others = Dictionary(try other().map { ($0.name, $0.sha256) }, uniquingKeysWith: { $1 })
    for print in own {
      guard let known = others[print.name] else {
        return .failed("\(print.name): another process gives no result")
      }
      guard known == print.sha256 else {
        return .failed(
          "\(print.name): another process, which had seen pictures in another order, gives other"
            + " bytes; nothing may come from chance, time, or what was translated before")
      }
    }
    return .passed("\(own.count) windows have the same bytes in another process")
  }
}

/// A digest of what a pair makes of a window, to be compared between processes.
struct Fingerprint: Codable, Sendable, Hashable {
  /// The picture.
  let name: String
  /// The result, or why there is none.
  let sha256: String

  /// Those of a few pictures, in order or backwards.
  static func all(_ subject: ConformanceSubject, isReversed: Bool) -> [Fingerprint] {
    var setups: [(String, ConformanceSubject.Setup)] = subject.formats.map {
      ($0.rawValue, .init(format: $0))
    }
    setups.append(("extreme colors", .init(sides: [200, 160], pattern: .extremes)))
    setups.append(("another picture", .init(sides: [171, 203], pattern: .tissue(seed: 9))))
    setups.append(("0.5 µm/px", .init(micronsPerPixel: 0.5)))
    // The first that another process sees: unlike what this one saw first in all that a pair is told.
    var last = ConformanceSubject.Setup(
      format: subject.formats.last, sides: [187, 143], pattern: .tissue(seed: 7),
      micronsPerPixel: 20)
    for option in subject.description.options {
      last.options[option.name] = OptionsCheck.ends(of: option).last
    }
    setups.append(("another size, resolution and options", last))
    return (isReversed ? setups.reversed() : setups).map { name, setup in
      Fingerprint(name: name, sha256: digest(setup, subject))
    }
  }

  private static func digest(
    _ setup: ConformanceSubject.Setup, _ subject: ConformanceSubject
  ) -> String {
    do {
      guard
        case .ready(let driver) = try subject.calibrate(
          subject.picture(setup), options: setup.options)
      else { return "none" }
      return SHA256Digest.hexadecimal(of: Data(try driver.run(driver.place(at: 100, 80, core: 96))))
    } catch {
      return "none"
    }
  }
}
