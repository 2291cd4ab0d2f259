import Foundation
import Synchronization

/// MS-SSIM (Wang, Simoncelli and Bovik 2003) of a plane: contrast and structure at five scales,
/// luminance at the coarsest; scales are halved by means of 2 x 2 px.
///
/// An odd row or column at the end is left out of the coarser scale. Of a mask a coarser scale sees
/// every other pixel. Negative means count as 0.
final class MultiScaleMeasure: BandMeasure {
  /// The exponents of the paper, the finest scale first.
  static let weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]

  private struct Scale: Sendable {
    var rows: SimilarityRows
    /// The row that waits for its neighbor below.
    var waiting: (x: [Double], y: [Double], mask: ArraySlice<Bool>)?
  }

  private let plane: Int
  private let state: Mutex<[Scale]>

  init(plane: Int, width: Int, range: Double) {
    self.plane = plane
    state = Mutex(
      Self.weights.indices.map {
        Scale(rows: SimilarityRows(width: width >> $0, range: range))
      })
  }

  /// The shortest side that has a window at the coarsest scale.
  static let minimumSide = GaussianWindow.side << (weights.count - 1)

  func add(_ band: Band) {
    let (result, target, width) = (band.result[plane], band.target[plane], band.width)
    state.withLock { scales in
      var (x, y) = ([Double](repeating: 0, count: width), [Double](repeating: 0, count: width))
      for row in 0..<band.rows.count {
        let range = Band.row(result, row, width: width)
        SimilarityMeasure.load(result.span.extracting(range), into: &x)
        SimilarityMeasure.load(target.span.extracting(range), into: &y)
        Self.push(x, y, band.mask.isEmpty ? [] : band.mask[range], 0, &scales)
      }
    }
  }

  private static func push(
    _ x: [Double], _ y: [Double], _ mask: ArraySlice<Bool>, _ scale: Int, _ scales: inout [Scale]
  ) {
    scales[scale].rows.push(x, y, mask: mask)
    guard scale + 1 < scales.count else { return }
    guard let above = scales[scale].waiting else {
      scales[scale].waiting = (x, y, mask)
      return
    }
    scales[scale].waiting = nil
    let start = above.mask.startIndex
    let kept =
      above.mask.isEmpty ? [] : (0..<x.count / 2).map { above.mask[start + 2 * $0] }
    push(halved(above.x, x), halved(above.y, y), kept[...], scale + 1, &scales)
  }

  private static func halved(_ above: [Double], _ below: [Double]) -> [Double] {
    let a = above.span
    let b = below.span
    var half = [Double](repeating: 0, count: above.count / 2)
    var output = half.mutableSpan
    for x in 0..<output.count {
      output[x] = (a[2 * x] + a[2 * x + 1] + b[2 * x] + b[2 * x + 1]) / 4
    }
    return half
  }

  /// The figure; nil where a scale has no window.
  var figure: Double? {
    let sums = state.withLock { $0.map(\.rows.sums) }
    guard sums.allSatisfy({ $0.count > 0 }) else { return nil }
    var product = 1.0
    for (scale, sums) in sums.enumerated() {
      let isLast = scale == Self.weights.count - 1
      let mean = (isLast ? sums.similarity : sums.structure) / Double(sums.count)
      product *= pow(max(0, mean), Self.weights[scale])
    }
    return product
  }
}
