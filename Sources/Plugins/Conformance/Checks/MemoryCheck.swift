import TesseraPlugin

/// Whether memory stays where it is over many windows.
///
/// After a first part that warms up, a leak is a rise in every part, of more than 2 MB in all: what an
/// allocator keeps for later does not look like that.
enum MemoryCheck {
  /// Parts, the first of which does not count.
  private static let parts = 9
  private static let leastRise = 2 << 20

  static func run(_ subject: ConformanceSubject) throws -> ConformanceVerdict {
    let driver = try subject.driver()
    let places = Array(driver.places(core: 24).prefix(64))
    let limits = subject.limits
    let start = ContinuousClock.now
    var samples: [Int] = []
    var (windows, counted) = (0, 0)
    for part in 0..<parts {
      let share = Double(part + 1) / Double(parts)
      repeat {
        _ = try driver.run(places[windows % places.count])
        windows += 1
      } while Double(windows) < Double(limits.windows) * share
        && (ContinuousClock.now - start).seconds < limits.longest * share
      if part == 0 { counted = windows }
      guard
        let bytes = subject.kind == .process ? ResidentMemory.ofPrograms : ResidentMemory.own
      else { return .notApplicable("this system does not tell how much memory it takes") }
      samples.append(bytes)
    }
    counted = windows - counted
    let rise = (samples.last ?? 0) - (samples.first ?? 0)
    let isSteady = zip(samples, samples.dropFirst()).contains { $1 <= $0 }
    let size = "\(megabytes(samples.last ?? 0)) MB"
    let stopped = windows < limits.windows ? ", stopped after \(Int(limits.longest)) s" : ""
    guard isSteady || rise <= leastRise else {
      return .failed(
        "memory rises steadily, by \(megabytes(rise)) MB over \(counted) windows"
          + " (\(rise / max(counted, 1)) bytes a window) to \(size)\(stopped)")
    }
    return .passed("\(size), steady over \(windows) windows\(stopped)")
  }

  private static func megabytes(_ bytes: Int) -> String {
    let tenths = (Double(bytes) / 104_857.6).rounded() / 10
    return "\(tenths)"
  }
}
