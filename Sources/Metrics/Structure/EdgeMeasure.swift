import Synchronization

/// SSIM of the edges of a plane, found with Sobel's filter: how much of the content was kept, when
/// colors and brightness are meant to change.
///
/// The magnitude is that of scikit-image's `filters.sobel`: √((h² + v²) / 2) with taps 1, 2, 1 over 4
/// and 1, 0, -1; the border is mirrored. The steepest edge has the data range of the levels.
final class EdgeMeasure: BandMeasure {
  private struct State: Sendable {
    var similarity: SimilarityRows
    /// The last two rows of both planes and the mask of the later one.
    var above: (result: [Double], target: [Double])?
    var middle: (result: [Double], target: [Double])?
    var mask: [Bool] = []
  }

  private let plane: Int
  private let width: Int
  private let height: Int
  private let state: Mutex<State>

  init(plane: Int, width: Int, height: Int, range: Double) {
    (self.plane, self.width, self.height) = (plane, width, height)
    state = Mutex(State(similarity: SimilarityRows(width: width, range: range)))
  }

  var sums: SimilaritySums { state.withLock { $0.similarity.sums } }

  func add(_ band: Band) {
    let (result, target) = (band.result[plane], band.target[plane])
    state.withLock { state in
      for (row, place) in band.rows.enumerated() {
        let range = Band.row(result, row, width: width)
        var (x, y) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
        SimilarityMeasure.load(result.span.extracting(range), into: &x)
        SimilarityMeasure.load(target.span.extracting(range), into: &y)
        close(&state, with: (x, y))
        state.above = state.middle ?? (x, y)
        state.middle = (x, y)
        state.mask = band.mask.isEmpty ? [] : Array(band.mask[range])
        if place == height - 1 { close(&state, with: (x, y)) }
      }
    }
  }

  /// Takes the row in the middle, now that the one below it is known.
  private func close(_ state: inout State, with below: (result: [Double], target: [Double])) {
    guard let above = state.above, let middle = state.middle else { return }
    state.similarity.push(
      Self.edges(above.result, middle.result, below.result),
      Self.edges(above.target, middle.target, below.target), mask: state.mask[...])
  }

  /// The magnitudes of the row in the middle.
  static func edges(_ above: [Double], _ middle: [Double], _ below: [Double]) -> [Double] {
    let count = middle.count
    var (sums, differences) = (middle, middle)
    var output = middle
    let a = above.span
    let m = middle.span
    let b = below.span
    for x in 0..<count {
      sums[x] = (a[x] + 2 * m[x] + b[x]) / 4
      differences[x] = a[x] - b[x]
    }
    let s = sums.span
    let d = differences.span
    for x in 0..<count {
      let (left, right) = (max(0, x - 1), min(count - 1, x + 1))
      let vertical = s[left] - s[right]
      let horizontal = (d[left] + 2 * d[x] + d[right]) / 4
      output[x] = ((vertical * vertical + horizontal * horizontal) / 2).squareRoot()
    }
    return output
  }
}
