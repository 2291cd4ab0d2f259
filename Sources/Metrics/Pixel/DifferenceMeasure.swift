import Synchronization

/// Sums of the differences of one plane: what MAE, RMSE and PSNR need.
final class DifferenceMeasure: BandMeasure {
  /// What has been summed.
  struct Sums: Sendable {
    var magnitudes = 0.0
    var squares = 0.0
    var count = 0
    var nonFinite = 0
    var minimum = Float.infinity
    var greatest = -Float.infinity
  }

  private let plane: Int
  private let state = Mutex(Sums())

  init(plane: Int) { self.plane = plane }

  var sums: Sums { state.withLock { $0 } }

  func add(_ band: Band) {
    let (result, target) = (band.result[plane], band.target[plane])
    let (width, mask) = (band.width, band.mask)
    var sums = Sums()
    for row in 0..<band.rows.count {
      let range = Band.row(result, row, width: width)
      let first = result.span.extracting(range)
      let second = target.span.extracting(range)
      let plain = mask.isEmpty ? Self.plain(first, second) : nil
      if let plain {
        sums.magnitudes += plain.magnitudes
        sums.squares += plain.squares
        sums.count += width
        sums.minimum = min(sums.minimum, plain.minimum)
        sums.greatest = max(sums.greatest, plain.greatest)
      } else {
        Self.careful(first, second, mask, at: range.lowerBound, &sums)
      }
    }
    state.withLock { total in
      total.magnitudes += sums.magnitudes
      total.squares += sums.squares
      total.count += sums.count
      total.nonFinite += sums.nonFinite
      total.minimum = min(total.minimum, sums.minimum)
      total.greatest = max(total.greatest, sums.greatest)
    }
  }

  /// A row without a mask, eight pixels at a time; nil where a sample is no number.
  private static func plain(
    _ first: Span<Float>, _ second: Span<Float>
  ) -> (magnitudes: Double, squares: Double, minimum: Float, greatest: Float)? {
    var (magnitudes, squares) = (SIMD8<Double>(), SIMD8<Double>())
    var (minimum, greatest) = (
      SIMD8<Float>(repeating: .infinity), SIMD8(repeating: -Float.infinity)
    )
    let whole = first.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      var (a, b) = (SIMD8<Float>(), SIMD8<Float>())
      for lane in 0..<8 {
        a[lane] = first[unchecked: start + lane]
        b[lane] = second[unchecked: start + lane]
      }
      let difference = SIMD8<Double>(a) - SIMD8<Double>(b)
      squares += difference * difference
      magnitudes += difference.replacing(with: -difference, where: difference .< 0)
      minimum = pointwiseMin(minimum, pointwiseMin(a, b))
      greatest = pointwiseMax(greatest, pointwiseMax(a, b))
    }
    var sums = (magnitudes.sum(), squares.sum(), minimum.min(), greatest.max())
    for x in whole..<first.count {
      let difference = Double(first[x]) - Double(second[x])
      sums.0 += abs(difference)
      sums.1 += difference * difference
      sums.2 = min(sums.2, first[x], second[x])
      sums.3 = max(sums.3, first[x], second[x])
    }
    return sums.1.isFinite ? sums : nil
  }

  private static func careful(
    _ first: Span<Float>, _ second: Span<Float>, _ mask: [Bool], at start: Int, _ sums: inout Sums
  ) {
    for x in 0..<first.count where mask.isEmpty || mask[start + x] {
      let difference = Double(first[x]) - Double(second[x])
      guard difference.isFinite else {
        sums.nonFinite += 1
        continue
      }
      sums.magnitudes += abs(difference)
      sums.squares += difference * difference
      sums.count += 1
      sums.minimum = min(sums.minimum, first[x], second[x])
      sums.greatest = max(sums.greatest, first[x], second[x])
    }
  }
}
