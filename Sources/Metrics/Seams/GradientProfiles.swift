/// Collects the mean absolute difference between neighboring columns, and between rows.
struct GradientProfiles: Sendable {
  private let width: Int
  private let planes: Int
  /// For each plane and column: the sum over all rows of |sample - sample to the left|.
  private var columnSums: [[Double]]
  /// How many of these were no finite numbers; empty where there were none.
  private var columnGaps: [[Double]]
  /// For each plane, row after row: the mean of |sample - sample above|.
  private var rowMeans: [[Double]]
  private var rows = 0
  private var partialSums = [Double](repeating: 0, count: 256)

  init(width: Int, planes: Int) {
    self.width = width
    self.planes = planes
    columnSums = [[Double]](repeating: [Double](repeating: 0, count: width), count: planes)
    columnGaps = [[Double]](repeating: [], count: planes)
    rowMeans = [[Double]](repeating: [], count: planes)
  }

  /// Takes the next row; `previous` is the one above it, nil for the first.
  mutating func add(_ current: PlanarRow, previous: PlanarRow?) {
    for plane in 0..<planes {
      if current.nonFinite > 0 {
        addColumnsWithGaps(current, plane)
      } else {
        addColumns(current, plane)
      }
      guard let previous else { continue }
      let hasGaps = current.nonFinite > 0 || previous.nonFinite > 0
      let gradient = current.withPlane(plane) { below in
        previous.withPlane(plane) { above in
          hasGaps ? GradientProfiles.meanWithGaps(above, below) : mean(above, below)
        }
      }
      rowMeans[plane].append(gradient)
    }
    rows += 1
  }

  private mutating func addColumns(_ current: PlanarRow, _ plane: Int) {
    let width = width
    current.withPlane(plane) { samples in
      let left = samples.extracting(0..<width - 1)
      let right = samples.extracting(1..<width)
      var sums = columnSums[plane].mutableSpan
      for x in 0..<width - 1 { sums[x + 1] += Double(abs(right[x] - left[x])) }
    }
  }

  private mutating func addColumnsWithGaps(_ current: PlanarRow, _ plane: Int) {
    let width = width
    if columnGaps[plane].isEmpty { columnGaps[plane] = [Double](repeating: 0, count: width) }
    current.withPlane(plane) { samples in
      for x in 1..<max(1, width) {
        let difference = abs(Double(samples[x]) - Double(samples[x - 1]))
        if difference.isFinite {
          columnSums[plane][x] += difference
        } else {
          columnGaps[plane][x] += 1
        }
      }
    }
  }

  /// Sums into a block of independent places, which vectorizes where a single sum does not.
  private mutating func mean(_ above: Span<Float>, _ below: Span<Float>) -> Double {
    for index in partialSums.indices { partialSums[index] = 0 }
    for start in stride(from: 0, to: above.count, by: partialSums.count) {
      let block = start..<min(above.count, start + partialSums.count)
      let first = above.extracting(block)
      let second = below.extracting(block)
      var sums = partialSums.mutableSpan
      for x in 0..<first.count { sums[x] += Double(abs(second[x] - first[x])) }
    }
    return partialSums.reduce(0, +) / Double(above.count)
  }

  private static func meanWithGaps(_ above: Span<Float>, _ below: Span<Float>) -> Double {
    var (total, count) = (0.0, 0)
    for x in 0..<above.count {
      let difference = abs(Double(below[x]) - Double(above[x]))
      guard difference.isFinite else { continue }
      total += difference
      count += 1
    }
    return count > 0 ? total / Double(count) : .nan
  }

  /// The mean absolute gradient between columns 0 and 1, 1 and 2, …; NaN where there is none.
  func columns(_ plane: Int) -> [Double] {
    (1..<max(1, width)).map { x in
      let gaps = columnGaps[plane].isEmpty ? 0 : columnGaps[plane][x]
      return Double(rows) > gaps ? columnSums[plane][x] / (Double(rows) - gaps) : .nan
    }
  }

  /// The mean absolute gradient between rows 0 and 1, 1 and 2, …; NaN where there is none.
  func rows(_ plane: Int) -> [Double] { rowMeans[plane] }
}
