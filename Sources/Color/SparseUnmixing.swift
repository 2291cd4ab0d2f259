/// Non-negative concentrations of two stains with a penalty on their sum.
package struct SparseUnmixing: Sendable {
  /// For u_H, u_E (both stains) and s_H, s_E (one stain alone): coefficients of the density and the
  /// constant.
  package let rows: [(SIMD3<Double>, Double)]

  /// Prepares min ½ |d - S c|² + `penalty` Σ c over c ≥ 0; the stains must not be orthogonal or
  /// blunt to each other.
  package init(_ stains: StainMatrix, penalty: Double) {
    let (hh, he, ee) = stains.gram
    let determinant = hh * ee - he * he
    let both = stains.unmixing
    rows = [
      (both.haematoxylin, -penalty * (ee - he) / determinant),
      (both.eosin, -penalty * (hh - he) / determinant),
      (stains.haematoxylin / hh, -penalty / hh),
      (stains.eosin / ee, -penalty / ee),
    ]
  }

  /// The concentrations of haematoxylin and eosin at a density.
  @inlinable @inline(__always)
  package func concentrations(_ density: SIMD3<Double>) -> SIMD2<Double> {
    func value(_ index: Int) -> Double { rows[index].0.dot(density) + rows[index].1 }
    return SIMD2(max(0, min(value(0), value(2))), max(0, min(value(1), value(3))))
  }
}
