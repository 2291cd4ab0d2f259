extension SIMD3<Double> {
  /// The scalar product.
  func dot(_ other: Self) -> Double { (self * other).sum() }

  /// The vector product.
  func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The Euclidean length.
  var length: Double { dot(self).squareRoot() }

  /// The same direction at unit length; the zero vector has no direction and becomes NaN.
  var unit: Self { self / length }

  /// The components as a list.
  var list: [Double] { [x, y, z] }

  /// Whether all components are finite.
  var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}
