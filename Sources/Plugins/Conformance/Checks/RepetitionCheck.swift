import TesseraPlugin

/// Whether a pair gives the same again, whatever it did in between.
enum RepetitionCheck {
  /// The same window twice, and after another calibration.
  static func deterministic(_ subject: ConformanceSubject) throws -> ConformanceResult {
    for format in subject.formats {
      let driver = try subject.driver(format)
      let place = try middle(of: driver, subject)
      let expected = try driver.run(place)
      let output = driver.outputFormat
      for _ in 0..<(try subject.isSlow ? 1 : 5) {
        if let difference = SampleDifference(expected, try driver.run(place), output) {
          return .failed("\(format.rawValue): the same window comes out differently: \(difference)")
        }
      }
      let fresh = try subject.freshDriver(format)
      if let difference = SampleDifference(expected, try fresh.run(place), output) {
        return .failed(
          "\(format.rawValue): calibrated again on the same picture, it gives another result:"
            + " \(difference)")
      }
      if try subject.isSlow { break }
    }
    return .passed("the same bytes again, and after another calibration")
  }

  /// A window again after others, in two orders, and after a calibration on another picture.
  static func hiddenState(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let format = subject.formats.first
    let driver = try subject.driver(format)
    let places = driver.places(core: 80)
    let (a, b) = (places[0], places[places.count / 2])
    let last = places[places.count - 1]
    let output = driver.outputFormat
    let expected = try driver.run(a)
    let expectedB = try driver.run(b)
    if let difference = SampleDifference(expected, try driver.run(a), output) {
      return .failed("a window comes out differently after another one: \(difference)")
    }
    // The other order, in a translator that has seen nothing.
    let fresh = try subject.freshDriver(format)
    _ = try fresh.run(last)
    let afterB = try SampleDifference(expectedB, fresh.run(b), output)
    let afterA = try SampleDifference(expected, fresh.run(a), output)
    if let difference = afterB ?? afterA {
      return .failed("windows come out differently in another order: \(difference)")
    }
    // Another picture in between: nothing of it may stay with the first translator, nor with the pair.
    let other = TestPicture(
      subject.description, width: driver.size.width, height: driver.size.height,
      format: driver.picture.format,
      pattern: .changed(
        .tissue(seed: 2), keeping: PixelRegion(x: 0, y: 0, width: 200, height: 300), variant: 0))
    let between = try subject.calibrate(other)
    if case .ready(let between) = between { _ = try between.run(b) }
    if let difference = SampleDifference(expected, try driver.run(a), output) {
      return .failed(
        "calibrating on another picture changes a translator that exists: \(difference)")
    }
    let again = try subject.freshDriver(format)
    if let difference = SampleDifference(expected, try again.run(a), output) {
      return .failed("what it makes of a picture depends on the one before: \(difference)")
    }
    return .passed("windows and pictures in between leave no trace")
  }

  private static func middle(
    of driver: WindowDriver, _ subject: ConformanceSubject
  ) throws -> WindowDriver.Place {
    let places = driver.places(core: 80)
    return places[places.count / 2]
  }
}
