import Foundation

/// What a piece of work took: time on the clock, and time of all processors together, which other
/// programs on the machine disturb less.
struct Effort {
  var seconds = 0.0
  var processorSeconds = 0.0

  init() {}

  /// What a program took that began at `start` and left `usage`.
  init(since start: ContinuousClock.Instant, _ usage: rusage) {
    seconds = (ContinuousClock.now - start) / .seconds(1)
    processorSeconds = Self.processorSeconds(usage)
  }

  /// Measures `body` in this process.
  init(_ body: () throws -> Void) rethrows {
    let (clock, processor) = (ContinuousClock.now, Self.processorSeconds(Self.usage))
    try body()
    seconds = (ContinuousClock.now - clock) / .seconds(1)
    processorSeconds = Self.processorSeconds(Self.usage) - processor
  }

  /// Both, one after the other.
  static func + (a: Effort, b: Effort) -> Effort {
    var sum = a
    sum.seconds += b.seconds
    sum.processorSeconds += b.processorSeconds
    return sum
  }

  static func / (a: Effort, count: Int) -> Effort {
    var part = a
    part.seconds /= Double(count)
    part.processorSeconds /= Double(count)
    return part
  }

  private static var usage: rusage {
    var usage = rusage()
    #if os(macOS)
      getrusage(RUSAGE_SELF, &usage)
    #else
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #endif
    return usage
  }

  private static func processorSeconds(_ usage: rusage) -> Double {
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
