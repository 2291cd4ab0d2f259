import Base
import Foundation

/// Parallel planes that lie evenly behind each other.
struct PlaneStack {
  /// mm from one to the next.
  let spacing: Double
  /// Where the last lies as seen from the first; along the normal, either way.
  let direction: SIMD3<Double>

  /// Takes the places of planes in their order; `name` says what one is called in messages.
  ///
  /// - Throws: Where planes are missing, lie in one place or are shifted against each other.
  init(
    _ places: [SIMD3<Double>], normal: SIMD3<Double>, _ path: String, _ action: String,
    name: (Int) -> String
  ) throws(TesseraError) {
    let across = places[places.count - 1] - places[0]
    let sign = across.dot(normal) < 0 ? -1.0 : 1.0
    let heights = places.map { sign * $0.dot(normal) }
    let steps = zip(heights.dropFirst(), heights).map { $0 - $1 }
    let step = steps.sorted()[steps.count / 2]
    for (index, distance) in steps.enumerated() {
      let names = "\(name(index)) and \(name(index + 1))"
      if distance < 1e-3 {
        throw TesseraError(path, action, "\(names) lie in the same place; remove one")
      }
      if abs(distance - step) > max(0.01 * step, 1e-3) {
        throw TesseraError(
          path, action,
          "\(names) lie \(Self.short(distance)) mm apart, most others \(Self.short(step)) mm;"
            + " slices are missing")
      }
    }
    let tilt = degrees(acosine(sign * across.dot(normal) / across.length))
    guard tilt < 0.1 else {
      throw TesseraError(
        path, action,
        "its slices are shifted against each other, as with a gantry tilted by"
          + " \(Self.short(tilt))°; resample it to a plain grid first")
    }
    spacing = across.length / Double(places.count - 1)
    direction = sign * normal
  }

  private static func short(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
