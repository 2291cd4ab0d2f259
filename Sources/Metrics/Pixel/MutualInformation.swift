import Foundation
import Synchronization
import TesseraPlugin

/// Normalized mutual information: (H(A) + H(B)) / H(A, B), from 1 to 2.
///
/// The definition is that of Studholme, Hill and Hawkes (1999).
/// Levels fall into 100 bins over the data range, the samples of all color channels together, as
/// in scikit-image, whose bins span the levels that occur.
final class MutualInformation: BandMeasure {
  static let bins = 100

  private let planes: Int
  private let range: LevelRange
  private let counts = Mutex([Int](repeating: 0, count: bins * bins))

  init(planes: Int, range: LevelRange) { (self.planes, self.range) = (planes, range) }

  func add(_ band: Band) {
    let (low, scale) = (range.low, Double(Self.bins) / range.width)
    @inline(__always) func bin(_ level: Float) -> Int {
      max(0, min(Self.bins - 1, Int(saturating: ((Double(level) - low) * scale).rounded(.down))))
    }
    counts.withLock { counts in
      var joint = counts.mutableSpan
      for plane in 0..<planes {
        let (levels, others) = (band.result[plane], band.target[plane])
        let result = levels.span
        let target = others.span
        for index in 0..<result.count where band.mask.isEmpty || band.mask[index] {
          let (a, b) = (result[index], target[index])
          guard a.isFinite, b.isFinite else { continue }
          joint[bin(a) * Self.bins + bin(b)] += 1
        }
      }
    }
  }

  /// The figure; nil where no pixel counts.
  var figure: Double? {
    counts.withLock { Self.figure($0) }
  }

  private static func figure(_ counts: [Int]) -> Double? {
    let total = Double(counts.reduce(0, +))
    guard total > 0 else { return nil }
    let joint = counts.map { Double($0) / total }
    var (first, second) = ([Double](repeating: 0, count: bins), [Double](repeating: 0, count: bins))
    for (index, share) in joint.enumerated() {
      first[index / bins] += share
      second[index % bins] += share
    }
    func entropy(_ shares: [Double]) -> Double {
      shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    }
    // Two flat images tell everything about each other.
    let together = entropy(joint)
    return together > 0 ? (entropy(first) + entropy(second)) / together : 2
  }
}
