/// A mask of the tissue pixels of an overview.
///
/// A pixel is tissue if its score lies above an Otsu threshold; then specks are removed
/// and holes are filled. The threshold is limited, so that an image that is all tissue or
/// all glass is not split.
public struct TissueMask: Sendable {
  /// How tissue is told from glass.
  public enum Score: String, CaseIterable, Sendable {
    /// 255 (max - min) / max of R, G, B; the threshold is limited to 13...40. Detects pale stains
    /// on a gray background.
    case saturation
    /// 255 minus the luma of ITU-R BT.601; the threshold is limited to 20...70. Detects unstained
    /// and gray tissue, and mistakes shadows for tissue.
    case luminosity
    /// Everything is tissue.
    case none
  }

  /// Columns of the mask.
  public let width: Int
  /// Rows of the mask.
  public let height: Int
  /// Row by row, true for tissue.
  public private(set) var isTissue: [Bool]
  /// Number of tissue pixels.
  public private(set) var count = 0

  /// A pixel whose brightest channel is below this is pen, dust or the edge of the scan, not
  /// tissue.
  public static let darkest: UInt8 = 25

  /// Finds the tissue in `samples`, 8-bit R G B, row by row.
  public init(_ samples: [UInt8], width: Int, height: Int, score: Score) {
    precondition(samples.count == 3 * width * height, "\(samples.count) for \(width) x \(height)")
    self.width = width
    self.height = height
    let pixels = width * height
    guard score != .none else {
      isTissue = [Bool](repeating: true, count: pixels)
      count = pixels
      return
    }
    let scores = Self.scores(samples, score)
    let limits = score == .saturation ? 13...40 : 20...70
    let threshold = max(limits.lowerBound, min(limits.upperBound, Self.otsu(scores)))
    isTissue = scores.map { Int($0) > threshold }
    // Specks first: a dust grain next to a hole must not keep it open.
    replaceRegions(of: true, smallerThan: max(4, pixels / 20_000))
    replaceRegions(of: false, smallerThan: max(4, pixels / 2_000))
    count = isTissue.reduce(0) { $0 + ($1 ? 1 : 0) }
  }

  /// Takes pixels out that are not allowed, row by row.
  public mutating func formIntersection(_ isAllowed: [Bool]) {
    precondition(isAllowed.count == isTissue.count, "\(isAllowed.count) for \(width) x \(height)")
    for index in isTissue.indices where !isAllowed[index] { isTissue[index] = false }
    count = isTissue.reduce(0) { $0 + ($1 ? 1 : 0) }
  }

  private static func scores(_ samples: [UInt8], _ score: Score) -> [UInt8] {
    // 255 · 256 / max, so that a product replaces the division.
    let reciprocals = (0..<256).map { UInt32($0 < Int(darkest) ? 0 : 255 * 256 / $0) }
    let pixels = samples.count / 3
    return [UInt8](unsafeUninitializedCapacity: pixels) { scores, count in
      samples.withUnsafeBufferPointer { samples in
        reciprocals.withUnsafeBufferPointer { reciprocals in
          for index in 0..<pixels {
            let (r, g, b) = (samples[3 * index], samples[3 * index + 1], samples[3 * index + 2])
            let (maximum, minimum) = (max(r, max(g, b)), min(r, min(g, b)))
            if score == .saturation {
              let spread = UInt32(maximum - minimum) &* reciprocals[Int(maximum)]
              scores[index] = UInt8(truncatingIfNeeded: spread >> 8)
            } else {
              let luma = (77 &* UInt32(r) &+ 150 &* UInt32(g) &+ 29 &* UInt32(b)) >> 8
              scores[index] = maximum < darkest ? 0 : 255 - UInt8(truncatingIfNeeded: luma)
            }
          }
        }
      }
      count = pixels
    }
  }

  /// Returns the threshold that separates the scores into the two classes with the maximum variance
  /// between them (Otsu 1979); the upper class lies above it.
  public static func otsu(_ scores: [UInt8]) -> Int {
    var histogram = [Int](repeating: 0, count: 256)
    for score in scores { histogram[Int(score)] += 1 }
    let total = Double(scores.count)
    let sum = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.element) }
    var (below, sumBelow) = (0.0, 0.0)
    var (best, threshold) = (0.0, 0)
    for (value, count) in histogram.enumerated() {
      below += Double(count)
      sumBelow += Double(value * count)
      guard below > 0, below < total else { continue }
      let difference = sumBelow / below - (sum - sumBelow) / (total - below)
      let variance = below * (total - below) * difference * difference
      if variance > best { (best, threshold) = (variance, value) }
    }
    return threshold
  }

  /// Gives connected regions of `value` with fewer than `minimum` pixels the other value.
  private mutating func replaceRegions(of value: Bool, smallerThan minimum: Int) {
    let regions = RunRegions(isTissue, width: width, value: value)
    for (run, size) in zip(regions.runs, regions.sizes) where size < minimum {
      for index in run { isTissue[index] = !value }
    }
  }
}
