import Color

/// The map of ``StainTranslator`` with logarithm and exponential, for depths that have no table.
struct DensityKernel: PixelKernel {
  // Densities are kept as powers of two: p = log2(effective level), so that
  // out_c = 2^(log2 background_c - Σ M_ck (log2 glass_k - p_k)).
  private let map: AffineMap3
  private let offset: Float
  private let minimum: Float
  private let highest: Float

  init(
    _ map: DensityMap, density: OpticalDensity, glass: Glass = Glass(), background: Glass = Glass()
  ) {
    let white = naturalLogarithm(density.white) / naturalLogarithm(2)
    func logarithm(_ share: Double) -> Double {
      white + naturalLogarithm(share) / naturalLogarithm(2)
    }
    let (input, output) = (glass.share.map(logarithm), background.share.map(logarithm))
    let constant = (0..<3).map { output[$0] - map.rows[$0].dot(input) }
    self.map = AffineMap3(map.rows, constant: SIMD3(constant[0], constant[1], constant[2]))
    offset = Float(density.offset)
    minimum = density.offset > 0 ? 0 : 1
    highest = density.floor.isFinite ? Float(white - density.floor / naturalLogarithm(2)) : 125
  }

  @inline(__always)
  func decode(_ level: Vector) -> Vector {
    let p = log2(clamp(level, minimum, 255) + offset)
    return p.replacing(with: highest, where: p .> highest)
  }

  @inline(__always)
  func mix(_ red: inout Vector, _ green: inout Vector, _ blue: inout Vector) {
    let (r, g, b) = map(red, green, blue)
    (red, green, blue) = (exp2(r), exp2(g), exp2(b))
  }
}
