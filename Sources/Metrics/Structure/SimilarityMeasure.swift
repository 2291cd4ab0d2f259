import Synchronization

/// SSIM of some columns of a plane: blocks of columns keep their rows in the processor's cache.
final class SimilarityMeasure: BandMeasure {
  private struct State: Sendable {
    var rows: SimilarityRows
    var x: [Double]
    var y: [Double]
  }

  private let plane: Int
  /// Columns that are read, the windows' margins included.
  private let columns: Range<Int>
  private let state: Mutex<State>

  /// Windows in a block.
  private static let side = 512

  private init(plane: Int, columns: Range<Int>, range: Double) {
    (self.plane, self.columns) = (plane, columns)
    let row = [Double](repeating: 0, count: columns.count)
    state = Mutex(
      State(rows: SimilarityRows(width: columns.count, range: range), x: row, y: row))
  }

  /// Measures that together cover an image of `width` px.
  static func blocks(plane: Int, width: Int, range: Double) -> [SimilarityMeasure] {
    let margin = GaussianWindow.side - 1
    return stride(from: 0, to: max(1, width - margin), by: side).map { start in
      SimilarityMeasure(
        plane: plane, columns: start..<min(width, start + side + margin), range: range)
    }
  }

  var sums: SimilaritySums { state.withLock { $0.rows.sums } }

  func add(_ band: Band) {
    let (result, target) = (band.result[plane], band.target[plane])
    state.withLock { state in
      for row in 0..<band.rows.count {
        let start = row * band.width + columns.lowerBound
        let range = start..<start + columns.count
        Self.load(result.span.extracting(range), into: &state.x)
        Self.load(target.span.extracting(range), into: &state.y)
        state.rows.push(state.x, state.y, mask: band.mask.isEmpty ? [] : band.mask[range])
      }
    }
  }

  @inline(__always)
  static func load(_ samples: Span<Float>, into row: inout [Double]) {
    var output = row.mutableSpan
    for x in 0..<output.count { output[x] = Double(samples[x]) }
  }
}
