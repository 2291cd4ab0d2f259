import Base
import Synchronization
import TesseraPlugin

/// How fast a pair is: told, never judged.
enum SpeedCheck {
  static func run(_ subject: ConformanceSubject) throws -> ConformanceResult {
    let sides = try subject.isSlow ? ConformanceSubject.pictureSides : [1024, 1024]
    let own = try subject.freshDriver(sides: sides)
    let core = min(own.translator.footprint.preferredCore, 512)
    let single = WorkerPool(count: 1)
    let pair = try subject.pair(on: single)
    let alone: Double
    if subject.kind == .model, single.count != subject.pool.count {
      let other = ConformanceSubject(
        pair, kind: subject.kind, choices: subject.choices, limits: subject.limits,
        isAlive: subject.isAlive)
      alone = try rate(other.freshDriver(sides: sides), core, single, subject.limits)
    } else {
      alone = try rate(own, core, single, subject.limits)
    }
    let all = try rate(own, core, subject.pool, subject.limits)
    let largest = own.places(core: core).map(\.core).max { $0.area < $1.area } ?? own.size
    return .passed(
      "\(decimal(alone)) MP/s on 1 thread, \(decimal(all)) MP/s on \(subject.pool.count), in cores"
        + " of \(largest.sides)")
  }

  /// Megapixels a second.
  private static func rate(
    _ driver: WindowDriver, _ core: Int, _ pool: WorkerPool, _ limits: ConformanceLimits
  ) throws -> Double {
    let places = driver.places(core: core)
    _ = try driver.run(places[0])
    let pixels = Atomic<Int>(0)
    let start = ContinuousClock.now
    let deadline = start + .seconds(limits.timing)
    try pool.run(pool.count, throwing: PairError.self) { thread throws(PairError) in
      var index = thread
      repeat {
        let place = places[index % places.count]
        index += 1
        _ = try driver.run(place)
        pixels.add(place.core.area, ordering: .relaxed)
      } while ContinuousClock.now < deadline
    }
    return Double(pixels.load(ordering: .relaxed)) / 1e6 / (ContinuousClock.now - start).seconds
  }

  private static func decimal(_ value: Double) -> String {
    value >= 10
      ? "\(Int(saturating: value))"
      : "\((value * 100).rounded() / 100)"
  }
}
