/// The map of ``StainTranslator`` with logarithm and exponential, for depths that have no table.
struct DensityKernel: PixelKernel {
  // Densities are kept as powers of two: p = log2(effective level), so that
  // out_c = 2^(log2 white - Σ M_ck (log2 white - p_k)).
  private let rows: [SIMD4<Float>]
  private let offset: Float
  private let least: Float
  private let highest: Float

  init(_ map: DensityMap, density: OpticalDensity) {
    let white = naturalLogarithm(density.white) / naturalLogarithm(2)
    rows = map.rows.map { row in
      SIMD4(Float(row.x), Float(row.y), Float(row.z), Float(white - row.sum() * white))
    }
    offset = Float(density.offset)
    least = density.offset > 0 ? 0 : 1
    highest = Float(white - density.floor / naturalLogarithm(2))
  }

  @inline(__always)
  func decode(_ level: Vector) -> Vector {
    let p = log2(clamp(level, least, .greatestFiniteMagnitude) + offset)
    return clamp(p, -125, highest)
  }

  @inline(__always)
  func mix(_ red: inout Vector, _ green: inout Vector, _ blue: inout Vector) {
    let (r, g, b) = (red, green, blue)
    @inline(__always) func row(_ m: SIMD4<Float>) -> Vector {
      exp2(m.x * r + m.y * g + m.z * b + m.w)
    }
    (red, green, blue) = (row(rows[0]), row(rows[1]), row(rows[2]))
  }
}
