import TesseraPlugin

/// Whether a translator reads no farther than its halo, and gives the same wherever its window ends.
enum FootprintCheck {
  /// Side of the core that is probed.
  private static let core = 16
  /// Pictures larger than this are not tried.
  private static let largestSide = 1600

  static func run(_ subject: ConformanceSubject) throws -> ConformanceVerdict {
    var reach = 0
    var halo = 0
    for format in subject.formats {
      let (declared, found) = try check(format, subject)
      (halo, reach) = (declared, max(reach, found))
      // Networks compute in floats whatever comes in.
      if try subject.kind == .model || subject.isSlow { break }
    }
    let read =
      halo == 0
      ? "pixels beyond a core change nothing"
      : reach < halo
        ? "declares a halo of \(halo) px, nothing farther than \(reach) px away was seen to count"
        : "a halo of \(halo) px, all of it read"
    return .passed("\(read); windows of three sizes give the same bytes")
  }

  /// The declared halo and how far pixels were seen to count.
  private static func check(
    _ format: SampleFormat, _ subject: ConformanceSubject
  ) throws -> (declared: Int, found: Int) {
    var driver = try subject.driver(format)
    let declared = driver.translator.footprint.halo
    let alignment = driver.translator.footprint.alignment
    // Two larger windows must fit in, whatever the least is.
    let sized = min(driver.translator.leastSide + 48 + 2 * alignment, largestSide)
    let room = max(2 * (driver.halo + 24) + core + 2 * alignment, sized)
    let least = driver.size.height
    if room > least {
      guard room <= largestSide else {
        throw ConformanceFault.notApplicable(
          "a halo of \(declared) px needs a picture of \(room) px, more than is tried")
      }
      driver = try subject.freshDriver(format, sides: [room + 77, room + 1])
    }
    let places = driver.places(core: core)
    let columns = Set(places.map(\.core.x)).count
    let rows = places.count / columns
    let middle = rows / 2 * columns + columns / 2
    let found = try perturb(middle, driver, declared, subject)
    let corners = [0, columns - 1, places.count - 1, rows / 2 * columns]
    for index in try [middle] + (subject.isSlow ? [places.count - 1] : corners) {
      try compareExtents(index, driver, declared)
      if index != middle { _ = try perturb(index, driver, declared, subject) }
    }
    return (declared, found)
  }

  /// Changes everything beyond the halo, and finds how far away pixels count.
  private static func perturb(
    _ index: Int, _ driver: WindowDriver, _ declared: Int, _ subject: ConformanceSubject
  ) throws -> Int {
    let place = driver.places(core: core, halo: driver.size.width + driver.size.height)[index]
    let expected = try driver.run(place)
    let variants = try subject.isSlow ? 1 : PicturePattern.variants
    func counts(beyond distance: Int) throws(PairError) -> Bool {
      let kept = place.core.grown(by: distance)
      for variant in 0..<variants {
        let other = driver.picture.changed(keeping: kept, variant: variant)
        if try driver.run(place, on: other) != expected { return true }
      }
      return false
    }
    let isUnderstated = try counts(beyond: driver.halo)
    // The smallest distance beyond which nothing counts; that it is one, the order of distances says.
    var low = isUnderstated ? driver.halo + 1 : 0
    let end = place.core.farthest(in: driver.size)
    var high = isUnderstated ? end : driver.halo
    while low < high {
      let middle = (low + high) / 2
      if try counts(beyond: middle) { low = middle + 1 } else { high = middle }
    }
    guard isUnderstated else { return low }
    let smallest =
      low >= end
      ? "reads as far as the test picture goes, \(end) px away: its result depends on the whole"
        + " window, which no halo makes right"
      : "reads \(low) px away: declare a halo of \(low)"
    throw ConformanceFault.failed(
      "\(driver.picture.tile.format.rawValue): declares a halo of \(declared) px, \(smallest)")
  }

  /// Computes one core in windows that end elsewhere.
  private static func compareExtents(
    _ index: Int, _ driver: WindowDriver, _ declared: Int
  ) throws {
    let own = driver.places(core: core)[index]
    let expected = try driver.run(own)
    let step = max(driver.translator.footprint.alignment, 16)
    let reach = max(driver.halo, (own.window.width - core) / 2)
    for halo in [reach + step, driver.size.width + driver.size.height] {
      let other = driver.places(core: core, halo: halo)[index]
      guard
        let difference = SampleDifference(
          expected, try driver.run(other), driver.outputFormat)
      else { continue }
      throw ConformanceFault.failed(
        "\(driver.picture.tile.format.rawValue): the core \(own.core) comes out differently in the"
          + " window \(own.window) than in \(other.window), though no pixel beyond its halo of"
          + " \(declared) px counts: \(difference); it must not treat the end of a window as that of"
          + " the image")
    }
  }
}

extension PixelRegion {
  /// The region with so many px more on every side.
  func grown(by length: Int) -> PixelRegion {
    PixelRegion(
      x: x - length, y: y - length, width: width + 2 * length, height: height + 2 * length)
  }

  /// How far the farthest pixel of `image` is away.
  func farthest(in image: PixelRegion) -> Int {
    max(
      x - image.x, y - image.y, image.x + image.width - x - width,
      image.y + image.height - y - height)
  }
}
