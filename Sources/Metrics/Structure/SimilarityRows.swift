/// SSIM of two planes whose rows come one by one.
///
/// The definition is that of Wang, Bovik, Sheikh and Simoncelli (2004).
/// Only windows that lie inside of the image count, as in the paper and in scikit-image. Rows are
/// filtered when they come, and 11 of them are kept: memory follows the width.
struct SimilarityRows: Sendable {
  /// Of all windows so far.
  private(set) var sums = SimilaritySums()

  private let width: Int
  /// Windows in a row.
  private let count: Int
  private let c1: Double
  private let c2: Double
  /// Means of x, y, x² + y² and xy along the row, for each of the last 11 rows.
  private var ring: [Double]
  private var masks: [[Bool]]
  private var products: [Double]
  private var means: [Double]
  private var rows = 0

  /// Takes the range of the levels, for the constants (0.01 range)² and (0.03 range)².
  init(width: Int, range: Double) {
    self.width = width
    count = max(0, width - GaussianWindow.side + 1)
    c1 = 0.0001 * range * range
    c2 = 0.0009 * range * range
    ring = [Double](repeating: 0, count: GaussianWindow.side * 4 * count)
    masks = [[Bool]](repeating: [], count: GaussianWindow.side)
    products = [Double](repeating: 0, count: 2 * width)
    means = [Double](repeating: 0, count: 4 * count)
  }

  /// Takes the next row; an empty mask takes all windows, another those whose middle it is true for.
  mutating func push(_ x: [Double], _ y: [Double], mask: ArraySlice<Bool> = []) {
    precondition(x.count == width && y.count == width, "rows of \(x.count), \(y.count) px")
    guard count > 0 else { return }
    let slot = rows % GaussianWindow.side
    filter(x, y, slot)
    masks[slot] = mask.isEmpty ? [] : Array(mask)
    rows += 1
    if rows >= GaussianWindow.side { closeRow() }
  }

  private mutating func filter(_ x: [Double], _ y: [Double], _ slot: Int) {
    let (width, count, taps) = (width, count, GaussianWindow.tuple)
    products.withUnsafeMutableBufferPointer { products in
      ring.withUnsafeMutableBufferPointer { ring in
        x.withUnsafeBufferPointer { x in
          y.withUnsafeBufferPointer { y in
            guard let x = x.baseAddress, let y = y.baseAddress, let p = products.baseAddress,
              let base = ring.baseAddress
            else { return }
            let q = p + width
            for i in 0..<width {
              p[i] = x[i] * x[i] + y[i] * y[i]
              q[i] = x[i] * y[i]
            }
            let row = base + slot * 4 * count
            GaussianWindow.filter(x, row, count: count, taps)
            GaussianWindow.filter(y, row + count, count: count, taps)
            GaussianWindow.filter(UnsafePointer(p), row + 2 * count, count: count, taps)
            GaussianWindow.filter(UnsafePointer(q), row + 3 * count, count: count, taps)
          }
        }
      }
    }
  }

  /// Filters down the last 11 rows and adds up the similarities of the row in the middle.
  private mutating func closeRow() {
    let (count, side, w) = (count, GaussianWindow.side, GaussianWindow.tuple)
    let first = rows
    let middle = masks[(first + GaussianWindow.radius) % side]
    let (c1, c2) = (c1, c2)
    var sums = sums
    means.withUnsafeMutableBufferPointer { means in
      ring.withUnsafeBufferPointer { ring in
        guard let base = ring.baseAddress, let m = means.baseAddress else { return }
        // The oldest row is in the slot that the next one will take.
        func row(_ index: Int) -> UnsafePointer<Double> {
          base + (first + index) % side * 4 * count
        }
        let rows = (
          row(0), row(1), row(2), row(3), row(4), row(5), row(6), row(7), row(8), row(9), row(10)
        )
        for i in 0..<4 * count {
          let near = w.0 * rows.5[i] + w.1 * (rows.4[i] + rows.6[i])
          let middle = w.2 * (rows.3[i] + rows.7[i]) + w.3 * (rows.2[i] + rows.8[i])
          let far = w.4 * (rows.1[i] + rows.9[i]) + w.5 * (rows.0[i] + rows.10[i])
          m[i] = near + middle + far
        }
        let (ux, uy, squares, product) = (m, m + count, m + 2 * count, m + 3 * count)
        // The similarity takes the place of the mean of x, structure that of y.
        for i in 0..<count {
          let (a, b) = (ux[i], uy[i])
          let (both, each) = (a * b, a * a + b * b)
          let structure = (2 * (product[i] - both) + c2) / (squares[i] - each + c2)
          ux[i] = structure * (2 * both + c1) / (each + c1)
          uy[i] = structure
        }
        Self.add(ux, uy, count, mask: middle, &sums)
      }
    }
    self.sums = sums
  }

  @inline(__always)
  private static func add(
    _ similarity: UnsafeMutablePointer<Double>, _ structure: UnsafeMutablePointer<Double>,
    _ count: Int, mask: [Bool], _ sums: inout SimilaritySums
  ) {
    if mask.isEmpty {
      var (first, second) = (SIMD4<Double>(), SIMD4<Double>())
      let whole = count / 4 * 4
      for i in stride(from: 0, to: whole, by: 4) {
        for lane in 0..<4 {
          first[lane] += similarity[i + lane]
          second[lane] += structure[i + lane]
        }
      }
      var (a, b) = (first.sum(), second.sum())
      for i in whole..<count {
        a += similarity[i]
        b += structure[i]
      }
      if a.isFinite {
        sums.similarity += a
        sums.structure += b
        sums.count += count
        return
      }
    }
    for i in 0..<count where mask.isEmpty || mask[i + GaussianWindow.radius] {
      guard similarity[i].isFinite else { continue }
      sums.similarity += similarity[i]
      sums.structure += structure[i]
      sums.count += 1
    }
  }
}
