/// Unmixing with concentrations that are neither negative nor cheap, as StainTools does it:
/// min ½ |d - S c|² + λ Σ c, c ≥ 0.
///
/// With two stains at an acute angle the solution is closed: with u the unconstrained minimum and
/// s_i = max(0, (S_iᵀd - λ) / S_iᵀS_i) that of stain i alone, c_i = max(0, min(u_i, s_i)).
struct SparseDensityKernel: PixelKernel {
  // Coefficients of u_H, u_E, s_H, s_E for the powers of two of the levels, and the constant.
  private let unmixing: [SIMD4<Float>]
  // Coefficients of the output's powers of two for c_H and c_E.
  private let mixing: [SIMD2<Float>]
  private let density: DensityKernel
  private let white: Float

  init(from source: StainFit, to target: StainFit, density: OpticalDensity, penalty: Double) {
    let ln2 = naturalLogarithm(2)
    let log2White = naturalLogarithm(density.white) / ln2
    white = Float(log2White)
    unmixing = SparseUnmixing(source.stains, penalty: penalty).rows.map { row, constant in
      // density = ln2 (log2 white - p)
      let scaled = -ln2 * row
      return SIMD4(
        Float(scaled.x), Float(scaled.y), Float(scaled.z),
        Float(constant - scaled.sum() * log2White))
    }
    let scale = target.maxConcentrations / source.maxConcentrations / ln2
    mixing = (0..<3).map { channel in
      SIMD2(
        Float(-target.stains.haematoxylin[channel] * scale.x),
        Float(-target.stains.eosin[channel] * scale.y))
    }
    self.density = DensityKernel(
      DensityMap(from: source, to: target, keepsResidual: false), density: density)
  }

  @inline(__always)
  func decode(_ level: Vector) -> Vector { density.decode(level) }

  @inline(__always)
  func mix(_ red: inout Vector, _ green: inout Vector, _ blue: inout Vector) {
    let (r, g, b) = (red, green, blue)
    @inline(__always) func row(_ m: SIMD4<Float>) -> Vector {
      m.x * r + m.y * g + m.z * b + m.w
    }
    @inline(__always) func least(_ a: Vector, _ b: Vector) -> Vector {
      let smaller = a.replacing(with: b, where: b .< a)
      return smaller.replacing(with: 0, where: smaller .< 0)
    }
    let h = least(row(unmixing[0]), row(unmixing[2]))
    let e = least(row(unmixing[1]), row(unmixing[3]))
    red = exp2(mixing[0].x * h + mixing[0].y * e + white)
    green = exp2(mixing[1].x * h + mixing[1].y * e + white)
    blue = exp2(mixing[2].x * h + mixing[2].y * e + white)
  }
}
