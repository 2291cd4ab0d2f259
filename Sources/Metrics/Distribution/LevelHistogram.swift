import TesseraPlugin
import TileIO

/// How often each level occurs in each channel of a set of images.
///
/// 65536 bins span the data range: the levels of 8 and 16 bits each have their own.
struct LevelHistogram: Sendable {
  static let bins = 65536
  private static let shownBins = 256

  /// For each channel.
  private(set) var counts: [[Int]] = []

  var channels: Int { counts.count }

  /// Adds planes whose levels go from 0 to 1.
  mutating func add(_ planes: ArraySlice<[Float]>) {
    if counts.isEmpty {
      counts = [[Int]](repeating: [Int](repeating: 0, count: Self.bins), count: planes.count)
    }
    let top = Float(Self.bins - 1)
    for (channel, plane) in planes.enumerated() {
      var bins = counts[channel].mutableSpan
      let levels = plane.span
      for index in 0..<levels.count {
        let level = levels[index]
        guard level.isFinite else { continue }
        bins[Int(UInt16(saturating: level * top))] += 1
      }
    }
  }

  /// The 1-Wasserstein distance of the levels, the mean of the channels: how far a level must move on
  /// average to make one histogram of the other, as a share of the data range.
  func wasserstein(to other: LevelHistogram) -> Double {
    let distances = zip(counts, other.counts).map { first, second in
      let (n, m) = (Double(first.reduce(0, +)), Double(second.reduce(0, +)))
      guard n > 0, m > 0 else { return Double.nan }
      var (difference, sum) = (0.0, 0.0)
      for bin in 0..<Self.bins - 1 {
        difference += Double(first[bin]) / n - Double(second[bin]) / m
        sum += abs(difference)
      }
      return sum / Double(Self.bins - 1)
    }
    return distances.reduce(0, +) / Double(max(1, distances.count))
  }

  /// Pearson's correlation of the histograms in 256 bins, the mean of the channels; 1 for the same.
  func correlation(with other: LevelHistogram) -> Double {
    let values = zip(counts, other.counts).map { first, second in
      Self.correlation(Self.coarse(first), Self.coarse(second))
    }
    return values.reduce(0, +) / Double(max(1, values.count))
  }

  private static func coarse(_ counts: [Int]) -> [Double] {
    let step = bins / shownBins
    let total = Double(max(1, counts.reduce(0, +)))
    return (0..<shownBins).map { bin in
      Double(counts[bin * step..<(bin + 1) * step].reduce(0, +)) / total
    }
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let mean = 1 / Double(shownBins)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (x - mean) * (y - mean)
      aa += (x - mean) * (x - mean)
      bb += (y - mean) * (y - mean)
    }
    return aa * bb > 0 ? ab / (aa * bb).squareRoot() : (a == b ? 1 : 0)
  }
}
