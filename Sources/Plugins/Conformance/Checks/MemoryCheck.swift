import TesseraPlugin

/// Whether memory stays where it is over many windows and many images.
///
/// After a first part that warms up, a leak is a rise in every part, of more than 2 MB in all: what an
/// allocator keeps for later does not look like that.
enum MemoryCheck {
  /// Parts, the first of which does not count.
  private static let parts = 9
  private static let minimumRise = 2 << 20

  /// Over windows of one picture.
  static func windows(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let driver = try subject.driver()
    let places = Array(driver.places(core: 24).prefix(64))
    return try run(
      subject, count: subject.limits.windows, seconds: subject.limits.longest, "window"
    ) { number in
      _ = try driver.run(places[number % places.count])
    }
  }

  /// Over pictures, each of which is calibrated and has a window translated.
  static func images(_ subject: ConformanceSubject) throws -> ConformanceResult {
    _ = try subject.driver()
    let isQuick = subject.limits.isQuick
    let isNetwork = subject.kind == .model
    // One in three is large: some libraries keep only what is worth keeping.
    let setups = [1, 2, 3].map {
      ConformanceSubject.Setup(
        sides: $0 == 3 && !isNetwork ? [640, 520] : ConformanceSubject.smallSides,
        pattern: .tissue(seed: $0),
        micronsPerPixel: $0 == 1 ? nil : 0.25 * Double($0))
    }
    let pictures = setups.map(subject.picture)
    return try run(
      subject, count: isQuick ? 36 : 360, seconds: isQuick ? 2 : 8, "image"
    ) { number in
      if case .ready(let driver) = try subject.calibrate(pictures[number % pictures.count]) {
        _ = try driver.run(driver.whole)
      }
    }
  }

  private static func run(
    _ subject: ConformanceSubject, count: Int, seconds: Double, _ unit: String,
    _ work: (Int) throws -> Void
  ) throws -> ConformanceResult {
    let start = ContinuousClock.now
    var samples: [Int] = []
    var (done, counted) = (0, 0)
    for part in 0..<parts {
      let share = Double(part + 1) / Double(parts)
      repeat {
        try work(done)
        done += 1
      } while Double(done) < Double(count) * share
        && (ContinuousClock.now - start).seconds < seconds * share
      if part == 0 { counted = done }
      guard
        let bytes = subject.kind == .process ? ResidentMemory.ofPrograms : ResidentMemory.own
      else { return .notApplicable("this system does not tell how much memory it takes") }
      samples.append(bytes)
      // What grows like this needs no more proof, and may take the machine with it.
      if samples.count > 2, isRising(samples), rise(samples) > largestRise { break }
    }
    counted = done - counted
    let size = "\(megabytes(samples.last ?? 0)) MB"
    let stopped = done < count ? ", stopped after \(done) \(unit)s" : ""
    let rise = rise(samples)
    guard !isRising(samples) || rise <= minimumRise else {
      let each = rise / max(counted, 1)
      return .failed(
        "memory rises steadily, by \(megabytes(rise)) MB over \(counted) \(unit)s"
          + " (\(each > 1 << 20 ? "\(megabytes(each)) MB" : "\(each) bytes") with each \(unit))"
          + " to \(size)\(stopped)")
    }
    return .passed("\(size), steady over \(done) \(unit)s\(stopped)")
  }

  private static let largestRise = 256 << 20

  private static func isRising(_ samples: [Int]) -> Bool {
    zip(samples, samples.dropFirst()).allSatisfy { $1 > $0 }
  }

  private static func rise(_ samples: [Int]) -> Int {
    (samples.last ?? 0) - (samples.first ?? 0)
  }

  private static func megabytes(_ bytes: Int) -> String {
    let tenths = (Double(bytes) / 104_857.6).rounded() / 10
    return "\(tenths)"
  }
}
