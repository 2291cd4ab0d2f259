import Color

/// Unmixing with concentrations that are neither negative nor cheap, as StainTools does it:
/// min ½ |d - S c|² + λ Σ c, c ≥ 0.
///
/// With two stains at an acute angle the solution is closed: with u the unconstrained minimum and
/// s_i = max(0, (S_iᵀd - λ) / S_iᵀS_i) that of stain i alone, c_i = max(0, min(u_i, s_i)).
struct SparseDensityKernel: PixelKernel {
  // From the powers of two of the levels to u_H, u_E, and to s_H, s_E.
  private let both: AffineMap3
  private let alone: AffineMap3
  // From c_H and c_E to the powers of two of the output.
  private let mixing: AffineMap3
  private let density: DensityKernel

  init(from source: StainFit, to target: StainFit, density: OpticalDensity, penalty: Double) {
    let ln2 = naturalLogarithm(2)
    let log2White = naturalLogarithm(density.white) / ln2
    let rows = SparseUnmixing(source.stains, penalty: penalty).rows.map { row, constant in
      // density = ln2 (log2 white - p)
      (row: -ln2 * row, constant: constant + ln2 * row.sum() * log2White)
    }
    func map(_ first: Int) -> AffineMap3 {
      AffineMap3(
        [rows[first].row, rows[first + 1].row, .zero],
        constant: SIMD3(rows[first].constant, rows[first + 1].constant, 0))
    }
    (both, alone) = (map(0), map(2))
    let scale = target.maxConcentrations / source.maxConcentrations / ln2
    let (h, e) = (target.stains.haematoxylin * scale.x, target.stains.eosin * scale.y)
    mixing = AffineMap3(
      (0..<3).map { -SIMD3(h[$0], e[$0], 0) }, constant: SIMD3(repeating: log2White))
    self.density = DensityKernel(
      DensityMap(from: source, to: target), density: density)
  }

  @inline(__always)
  func decode(_ level: Vector) -> Vector { density.decode(level) }

  @inline(__always)
  func mix(_ red: inout Vector, _ green: inout Vector, _ blue: inout Vector) {
    let (uh, ue, _) = both(red, green, blue)
    let (sh, se, _) = alone(red, green, blue)
    let (r, g, b) = mixing(minimum(uh, sh), minimum(ue, se), Vector())
    (red, green, blue) = (exp2(r), exp2(g), exp2(b))
  }

  /// The smaller one, or 0 if that is negative.
  @inline(__always)
  private func minimum(_ a: Vector, _ b: Vector) -> Vector {
    let smaller = a.replacing(with: b, where: b .< a)
    return smaller.replacing(with: Vector(), where: smaller .< 0)
  }
}
