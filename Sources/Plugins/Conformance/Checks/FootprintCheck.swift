import TesseraPlugin

/// Whether a translator reads no farther than its halo, and gives the same wherever its window ends.
enum FootprintCheck {
  /// Pictures larger than this are not tried.
  private static let largestSide = 1600

  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
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
    let driver = try roomy(try subject.driver(format), subject, .init(format: format))
    let isSlow = try subject.isSlow
    let probe = FootprintProbe(
      driver: driver,
      variants: subject.kind == .model && isSlow
        ? [0] : isSlow ? FootprintProbe.fewVariants : Array(0..<PicturePattern.variants))
    let (width, height) = (driver.size.width, driver.size.height)
    let reach = width + height
    let found = try probe.perturb(at: width / 2, height / 2, reach: reach)
    try probe.compareExtents(at: width / 2, height / 2, reach: reach)
    let corners = [
      (width - 1, height - 1), (0, 0), (width - 1, 0), (0, height / 2),
    ]
    for (x, y) in isSlow ? Array(corners.prefix(1)) : corners {
      try probe.compareExtents(at: x, y, reach: reach)
      _ = try probe.perturb(at: x, y, reach: reach)
    }
    return (driver.translator.footprint.halo, found)
  }

  /// A driver whose picture has room for the halo and larger windows; that of another setup where the
  /// one at hand has not.
  static func roomy(
    _ driver: WindowDriver, _ subject: ConformanceSubject, _ setup: ConformanceSubject.Setup
  ) throws -> WindowDriver {
    let alignment = driver.translator.footprint.alignment
    // Two larger windows must fit in, whatever the least is.
    let sized = min(driver.translator.footprint.smallestWindow + 48 + 2 * alignment, largestSide)
    let room = max(2 * (driver.halo + 24) + FootprintProbe.core + 2 * alignment, sized)
    guard room > driver.size.height else { return driver }
    guard room <= largestSide else {
      throw ConformanceFault.notApplicable(
        "a halo of \(driver.translator.footprint.halo) px needs a picture of \(room) px, more than is"
          + " tried")
    }
    var setup = setup
    setup.sides = [room + 77, room + 1]
    return try subject.freshDriver(setup)
  }
}
