import TesseraPlugin

/// Whether every sample of a core is written, in the tile that was given, with numbers in the range
/// that was declared.
enum OutputCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    var windows = 0
    for format in subject.formats {
      let driver = try subject.driver(format)
      let places = driver.places(core: 80)
      // A core within, and the two that end at borders.
      let chosen = Set([places.count / 2, 0, places.count - 1]).sorted()
      for index in try subject.isSlow ? [places.count - 1] : chosen {
        let place = places[index]
        // Two ordinary numbers of any format.
        let first = try driver.runGuarded(place, prefill: 0x3e)
        guard case .bytes(let bytes) = first else {
          guard case .refused(let reason) = first else { continue }
          return .failed("\(format.rawValue): it refuses a window of the test picture: \(reason)")
        }
        guard case .bytes(let again) = try driver.runGuarded(place, prefill: 0x3f) else {
          return .failed("\(format.rawValue): it refuses a window that it had translated")
        }
        windows += 1
        if let fault = difference(bytes, again, place, driver) {
          return .failed("\(format.rawValue): \(fault)")
        }
      }
    }
    let range = subject.description.outputRange.map {
      ", within \($0.lowerBound)...\($0.upperBound)"
    }
    return .passed("every sample of \(windows) cores written\(range ?? "")")
  }

  /// Tells what was never written from what changes from run to run.
  private static func difference(
    _ first: [UInt8], _ second: [UInt8], _ place: WindowDriver.Place, _ driver: WindowDriver
  ) -> String? {
    guard let difference = SampleDifference(first, second, driver.outputFormat) else { return nil }
    let bytes = driver.outputFormat.bytes
    let range = (difference.first * bytes)..<((difference.first + 1) * bytes)
    guard first[range].allSatisfy({ $0 == 0x3e }), second[range].allSatisfy({ $0 == 0x3f }) else {
      return "what it makes depends on what was in the core before: \(difference)"
    }
    let (scale, channels) = (driver.pair.scale, driver.pair.outputChannels)
    let width = scale.output(place.core.columns.upperBound) - scale.output(place.core.x)
    let pixel = difference.first / channels
    return
      "it does not write the whole core: \(difference.differing) of \(difference.count) samples"
      + " are left, the first at (\(scale.output(place.core.x) + pixel % width),"
      + " \(scale.output(place.core.y) + pixel / width))"
  }
}
