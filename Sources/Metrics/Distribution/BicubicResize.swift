/// Bicubic interpolation that averages where it reduces, as Pillow's and so clean-fid's: the kernel
/// of Keys with a = -0.5, widened by the scale.
struct BicubicResize: Sendable {
  private struct Axis: Sendable {
    /// For each output sample, the first input sample and the weights from there on.
    var taps: [(start: Int, weights: [Double])]

    init(from count: Int, to size: Int) {
      let scale = Double(count) / Double(size)
      let stretch = max(scale, 1)
      taps = (0..<size).map { index in
        let middle = (Double(index) + 0.5) * scale
        let start = max(0, Int(middle - 2 * stretch + 0.5))
        let end = min(count, Int(middle + 2 * stretch + 0.5))
        let weights = (start..<end).map { Self.kernel((Double($0) - middle + 0.5) / stretch) }
        let sum = weights.reduce(0, +)
        return (start, weights.map { $0 / sum })
      }
    }

    private static func kernel(_ x: Double) -> Double {
      let (a, x) = (-0.5, abs(x))
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
    }
  }

  private let width: Int
  private let height: Int
  private let columns: Axis
  private let rows: Axis

  init(width: Int, height: Int, to size: (width: Int, height: Int)) {
    (self.width, self.height) = (width, height)
    columns = Axis(from: width, to: size.width)
    rows = Axis(from: height, to: size.height)
  }

  /// Resizes a plane.
  func callAsFunction(_ plane: [Float]) -> [Float] {
    precondition(plane.count == width * height, "\(plane.count) samples of \(width) x \(height)")
    let size = columns.taps.count
    var narrow = [Float](repeating: 0, count: size * height)
    for y in 0..<height {
      let row = plane.span.extracting(y * width..<(y + 1) * width)
      for (x, tap) in columns.taps.enumerated() {
        var sum = 0.0
        for (offset, weight) in tap.weights.enumerated() {
          sum += Double(row[tap.start + offset]) * weight
        }
        narrow[y * size + x] = Float(sum)
      }
    }
    var output = [Float](repeating: 0, count: size * rows.taps.count)
    var sums = [Double](repeating: 0, count: size)
    for (y, tap) in rows.taps.enumerated() {
      for x in 0..<size { sums[x] = 0 }
      for (offset, weight) in tap.weights.enumerated() {
        let start = (tap.start + offset) * size
        let row = narrow.span.extracting(start..<start + size)
        for x in 0..<size { sums[x] += Double(row[x]) * weight }
      }
      for x in 0..<size { output[y * size + x] = Float(sums[x]) }
    }
    return output
  }
}
