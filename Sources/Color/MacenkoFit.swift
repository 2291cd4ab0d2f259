/// Finds the stain vectors by the extreme angles of the densities in their plane (Macenko et al.,
/// ISBI 2009).
///
/// The plane is spanned by the two leading eigenvectors, through the origin: of the second moments
/// as in the paper, or, if it `isCentered`, of the covariance as in the packages. The stains are the
/// directions at the percentiles `tail` and 100 - `tail` of the angle.
package func macenkoStains(
  _ samples: [UInt8], density: DensityTable, isCentered: Bool, tail: Double
) -> StainMatrix {
  let sums = DensitySums(samples, density: density)
  let basis = (isCentered ? sums.covariance : sums.moments).eigenvectors
  // tiatoolbox and StainTools point both axes towards red; elsewhere the sign changes nothing.
  let (first, second) = (basis[0].x < 0 ? -basis[0] : basis[0], basis[1])
  let positions = density.map(samples) { position(along: first.dot($0), across: second.dot($0)) }
  let vectors = [tail, 100 - tail].map { percent in
    guard let (low, high, fraction) = ranks(percent, of: positions) else {
      return SIMD3<Double>(repeating: .nan)
    }
    let angle = turn(low) + (turn(high) - turn(low)) * fraction
    let (cosine, sine) = direction(angle)
    return cosine * first + sine * second
  }
  return StainMatrix(unordered: vectors[0].unit, vectors[1].unit)
}

/// A number from -2 to 2 that grows with the angle of a point, without a trigonometric function.
@inline(__always)
private func position(along x: Double, across y: Double) -> Double {
  let sum = abs(x) + abs(y)
  guard sum > 0 else { return 0 }
  let share = y / sum
  return x >= 0 ? share : (y >= 0 ? 2 - share : -2 - share)
}

/// The angle in radians of the points at a position.
private func turn(_ position: Double) -> Double {
  if abs(position) <= 1 { return arcTangent(y: position, x: 1 - abs(position)) }
  let share = position > 0 ? 2 - position : -2 - position
  return arcTangent(y: share, x: abs(share) - 1)
}
