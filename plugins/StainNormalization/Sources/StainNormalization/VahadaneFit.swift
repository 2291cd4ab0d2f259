import Color

/// Finds the stain vectors by sparse non-negative dictionary learning.
///
/// Vahadane et al., IEEE TMI 2016, equation 4: min ½ |V - W H|² + λ |H|₁ over W, H ≥ 0 and
/// |w_i| ≤ 1, λ = 0.1.
///
/// Concentrations (closed form for two stains) and stain vectors (Mairal et al. 2010, algorithm 2)
/// take turns until the vectors move by less than 1e-6, on at most 65,536 pixels at regular
/// distances. It starts from `start` and has no randomness.
func vahadaneStains(
  _ samples: [UInt8], density: DensityTable, start: StainMatrix, penalty: Double = 0.1
) -> StainMatrix {
  let step = max(1, (samples.count / 3 + 65_535) / 65_536)
  let densities = stride(from: 0, to: samples.count, by: 3 * step).map { offset in
    density(samples[offset], samples[offset + 1], samples[offset + 2])
  }
  var stains = StainMatrix(
    haematoxylin: positive(start.haematoxylin, or: StainMatrix.ruifrok.haematoxylin),
    eosin: positive(start.eosin, or: StainMatrix.ruifrok.eosin))
  for _ in 0..<500 {
    // A = Σ c cᵀ and B = Σ d cᵀ hold all that the vectors depend on.
    var (hh, he, ee) = (0.0, 0.0, 0.0)
    var (dh, de) = (SIMD3<Double>(), SIMD3<Double>())
    let unmixing = SparseUnmixing(stains, penalty: penalty)
    for d in densities {
      let c = unmixing.concentrations(d)
      hh += c.x * c.x
      he += c.x * c.y
      ee += c.y * c.y
      dh += c.x * d
      de += c.y * d
    }
    let before = stains
    for _ in 0..<5 {
      stains.haematoxylin = updated(stains.haematoxylin, dh - he * stains.eosin, hh)
      stains.eosin = updated(stains.eosin, de - he * stains.haematoxylin, ee)
    }
    let change = max(
      (stains.haematoxylin - before.haematoxylin).length, (stains.eosin - before.eosin).length)
    guard change >= 1e-6 else { break }
  }
  return StainMatrix(unordered: stains.haematoxylin.unit, stains.eosin.unit)
}

/// The best vector for fixed concentrations, made non-negative and at most of unit length.
private func updated(
  _ vector: SIMD3<Double>, _ target: SIMD3<Double>, _ weight: Double
) -> SIMD3<Double> {
  guard weight > 1e-9 else { return vector }
  let best = (target / weight).clamped(
    lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: .infinity))
  let length = best.length
  guard length > 0 else { return vector }
  return length > 1 ? best / length : best
}

/// A unit vector without negative components.
private func positive(_ vector: SIMD3<Double>, or other: SIMD3<Double>) -> SIMD3<Double> {
  guard vector.isFinite else { return other }
  let limited = vector.clamped(
    lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: 1))
  return limited.length > 0 ? limited.unit : other
}
