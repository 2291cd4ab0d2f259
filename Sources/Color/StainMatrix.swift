/// The densities of haematoxylin and eosin at unit concentration, as unit vectors of R, G, B.
package struct StainMatrix: Sendable, Hashable {
  /// Haematoxylin.
  package var haematoxylin: SIMD3<Double>
  /// Eosin.
  package var eosin: SIMD3<Double>

  /// The stains of Ruifrok and Johnston (2001), Table 2, brought to unit length.
  package static let ruifrok = StainMatrix(
    haematoxylin: SIMD3(0.65, 0.70, 0.29).unit, eosin: SIMD3(0.07, 0.99, 0.11).unit)

  /// The stain that absorbs more red comes first.
  package init(unordered a: SIMD3<Double>, _ b: SIMD3<Double>) {
    (haematoxylin, eosin) = a.x > b.x ? (a, b) : (b, a)
  }

  /// Takes the stains as they are.
  package init(haematoxylin: SIMD3<Double>, eosin: SIMD3<Double>) {
    self.haematoxylin = haematoxylin
    self.eosin = eosin
  }

  /// The angle between the stains in degrees.
  package var angle: Double {
    let cross = haematoxylin.cross(eosin)
    return arcTangent(y: cross.length, x: haematoxylin.dot(eosin)) * 180 / .pi
  }

  /// The rows that turn a density into the concentrations of least squares.
  package var unmixing: (haematoxylin: SIMD3<Double>, eosin: SIMD3<Double>) {
    let (hh, he, ee) = gram
    let determinant = hh * ee - he * he
    return (
      (ee * haematoxylin - he * eosin) / determinant,
      (hh * eosin - he * haematoxylin) / determinant
    )
  }

  /// The products of the stains: H·H, H·E, E·E.
  package var gram: (Double, Double, Double) {
    (haematoxylin.dot(haematoxylin), haematoxylin.dot(eosin), eosin.dot(eosin))
  }
}
