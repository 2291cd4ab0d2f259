/// Mean and standard deviation of L, a and b over the pixels of a set of images.
struct LabMoments: Sendable {
  private var count = 0.0
  private var sum = SIMD3<Double>()
  private var squares = SIMD3<Double>()

  /// Adds pixels, given as planes of R, G and B.
  mutating func add(_ planes: [[Float]], _ indices: Range<Int>, _ color: LabColor) {
    let (reds, greens, blues) = (planes[0], planes[1], planes[2])
    let red = reds.span
    let green = greens.span
    let blue = blues.span
    for index in indices {
      let lab = color(red[index], green[index], blue[index])
      guard lab.x.isFinite, lab.y.isFinite, lab.z.isFinite else { continue }
      count += 1
      sum += lab
      squares += lab * lab
    }
  }

  static func + (a: Self, b: Self) -> Self {
    var total = a
    total.count += b.count
    total.sum += b.sum
    total.squares += b.squares
    return total
  }

  var mean: SIMD3<Double> { sum / count }

  var deviation: SIMD3<Double> {
    let variance = squares / count - mean * mean
    return pointwiseMax(variance, .zero).squareRoot()
  }
}
