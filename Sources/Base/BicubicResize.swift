import TesseraPlugin

/// Resizing with the kernel of Keys (a = -0.5), which widens as pictures shrink: what Pillow's
/// `BICUBIC` does with floats, and so clean-fid.
package struct BicubicResize: Sendable {
  /// What sums are taken in: `single` is faster, `double` is what distances of sets are compared in.
  package enum Precision: Sendable {
    case single
    case double
  }

  private let width: Int
  private let height: Int
  private let columns: Taps
  private let rows: Taps
  private let precision: Precision

  /// Prepares for planes of one size.
  package init(
    width: Int, height: Int, to size: (width: Int, height: Int), precision: Precision
  ) {
    (self.width, self.height, self.precision) = (width, height, precision)
    columns = Taps(from: width, to: size.width)
    rows = Taps(from: height, to: size.height)
  }

  /// A plane of the new size; at edges it may leave the range of the old one.
  package func callAsFunction(_ plane: Span<Float>) -> [Float] {
    switch precision {
    case .single: resized(plane, Float.self)
    case .double: resized(plane, Double.self)
    }
  }

  private func resized<Sum: BinaryFloatingPoint>(_ plane: Span<Float>, _: Sum.Type) -> [Float] {
    precondition(plane.count == width * height, "\(plane.count) samples of \(width) x \(height)")
    let size = columns.count
    var narrow = [Float](repeating: 0, count: size * height)
    var weights = columns.weights.map { Sum($0) }
    for y in 0..<height {
      let row = plane.extracting(y * width..<(y + 1) * width)
      for x in 0..<size {
        let (first, taps) = columns[x]
        var sum: Sum = 0
        for tap in taps { sum += weights[tap] * Sum(row[first + tap - taps.lowerBound]) }
        narrow[y * size + x] = Float(sum)
      }
    }
    var output = [Float](repeating: 0, count: size * rows.count)
    var sums = [Sum](repeating: 0, count: size)
    weights = rows.weights.map { Sum($0) }
    for y in 0..<rows.count {
      let (first, taps) = rows[y]
      for x in 0..<size { sums[x] = 0 }
      for tap in taps {
        let (weight, start) = (weights[tap], (first + tap - taps.lowerBound) * size)
        let row = narrow.span.extracting(start..<start + size)
        for x in 0..<size { sums[x] += weight * Sum(row[x]) }
      }
      for x in 0..<size { output[y * size + x] = Float(sums[x]) }
    }
    return output
  }

  /// For each place along one axis, the first sample that it is made of, and the weights from there on.
  private struct Taps: Sendable {
    private(set) var weights: [Double] = []
    private var firsts: [Int] = []
    private var starts = [0]

    init(from old: Int, to new: Int) {
      let scale = Double(old) / Double(new)
      let stretch = max(scale, 1)
      for place in 0..<new {
        let center = (Double(place) + 0.5) * scale
        let first = max(0, Int(saturating: (center - 2 * stretch + 0.5).rounded(.down)))
        let end = min(old, Int(saturating: (center + 2 * stretch + 0.5).rounded(.down)))
        let raw = (first..<end).map { Self.kernel((Double($0) - center + 0.5) / stretch) }
        let sum = raw.reduce(0, +)
        firsts.append(first)
        weights += raw.map { $0 / sum }
        starts.append(weights.count)
      }
    }

    var count: Int { firsts.count }

    subscript(place: Int) -> (first: Int, taps: Range<Int>) {
      (firsts[place], starts[place]..<starts[place + 1])
    }

    private static func kernel(_ x: Double) -> Double {
      let (a, x) = (-0.5, abs(x))
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  }
}
