import Color

/// Finds the stain vectors as tiatoolbox's Vahadane does: scikit-learn's dictionary learning on the
/// transposed problem, three samples with one feature a pixel, stopped after three rounds.
///
/// The atoms are maps of concentration (non-negative, at most of unit length), the code has the
/// stain vectors as columns and may be negative; the start is a singular value decomposition. With
/// so many features λ = 0.1 hardly matters: the result is close to the singular vectors.
func transposedDictionaryStains(
  _ samples: [UInt8], density: DensityTable, penalty: Double = 0.1
) -> StainMatrix {
  let sums = DensitySums(samples, density: density)
  let count = sums.count
  let x = (0..<3).map { channel in density.map(samples) { $0[channel] } }
  let vectors = sums.moments.eigenvectors
  // Singular vectors: signs make the component of largest magnitude positive.
  let left = vectors.prefix(2).map { vector in
    let largest = vector.list.max { abs($0) < abs($1) } ?? 0
    return largest < 0 ? -vector : vector
  }
  var atoms = left.map { vector in
    (0..<count).map { vector.x * x[0][$0] + vector.y * x[1][$0] + vector.z * x[2][$0] }
  }
  var code = [SIMD2<Double>](repeating: .zero, count: 3)
  var cost = Double.infinity
  for round in 0..<3 {
    let gram = (dot(atoms[0], atoms[0]), dot(atoms[0], atoms[1]), dot(atoms[1], atoms[1]))
    for channel in 0..<3 {
      code[channel] = lasso(
        gram, SIMD2(dot(atoms[0], x[channel]), dot(atoms[1], x[channel])), penalty)
    }
    for k in 0..<2 {
      let other = 1 - k
      let weight = code.reduce(0) { $0 + $1[k] * $1[k] }
      let mixed = code.reduce(0) { $0 + $1[0] * $1[1] }
      guard weight > 1e-6 else { continue }
      for index in 0..<count {
        let target =
          x[0][index] * code[0][k] + x[1][index] * code[1][k] + x[2][index] * code[2][k]
        atoms[k][index] = max(0, (target - mixed * atoms[other][index]) / weight)
      }
      let length = dot(atoms[k], atoms[k]).squareRoot()
      if length > 1 { for index in 0..<count { atoms[k][index] /= length } }
    }
    let previous = cost
    cost = 0
    for channel in 0..<3 {
      var squares = 0.0
      for index in 0..<count {
        let rest =
          x[channel][index] - code[channel].x * atoms[0][index] - code[channel].y * atoms[1][index]
        squares += rest * rest
      }
      cost += 0.5 * squares + penalty * (abs(code[channel].x) + abs(code[channel].y))
    }
    if round > 0, previous - cost < 1e-8 * cost { break }
  }
  let stains = (0..<2).map { k in SIMD3(code[0][k], code[1][k], code[2][k]).unit }
  // Not by the unit vectors: the package compares before it normalizes.
  return code[0].x < code[0].y
    ? StainMatrix(haematoxylin: stains[1], eosin: stains[0])
    : StainMatrix(haematoxylin: stains[0], eosin: stains[1])
}

/// min ½ |x - Dᵀc|² + `penalty` |c|₁ for two atoms, by coordinate descent.
private func lasso(
  _ gram: (Double, Double, Double), _ product: SIMD2<Double>, _ penalty: Double
) -> SIMD2<Double> {
  func shrink(_ value: Double) -> Double {
    value > penalty ? value - penalty : (value < -penalty ? value + penalty : 0)
  }
  var c = SIMD2<Double>()
  guard gram.0 > 0 else { return c }
  for _ in 0..<10_000 {
    let before = c
    c.x = shrink(product.x - gram.1 * c.y) / gram.0
    if gram.2 > 0 { c.y = shrink(product.y - gram.1 * c.x) / gram.2 }
    let change = c - before
    if abs(change.x) + abs(change.y) < 1e-14 * (abs(c.x) + abs(c.y)) { break }
  }
  return c
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  // Four sums, since a single one cannot be vectorized.
  var sums = SIMD4<Double>()
  var total = 0.0
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      var index = 0
      while index + 4 <= a.count {
        let left = SIMD4(a[index], a[index + 1], a[index + 2], a[index + 3])
        let right = SIMD4(b[index], b[index + 1], b[index + 2], b[index + 3])
        sums += left * right
        index += 4
      }
      while index < a.count {
        total += a[index] * b[index]
        index += 1
      }
    }
  }
  return total + sums.sum()
}
