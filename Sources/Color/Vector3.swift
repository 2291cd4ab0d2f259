extension SIMD3<Double> {
  /// The scalar product.
  @inlinable
  package func dot(_ other: Self) -> Double { (self * other).sum() }

  /// The vector product.
  package func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  /// The Euclidean length.
  @inlinable
  package var length: Double { dot(self).squareRoot() }

  /// The same direction at unit length; the zero vector has no direction and becomes NaN.
  @inlinable
  package var unit: Self { self / length }

  /// The components as a list.
  package var list: [Double] { [x, y, z] }

  /// Whether all components are finite.
  package var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }

  /// Applies a function to each component.
  package func map(_ function: (Double) -> Double) -> SIMD3<Double> {
    SIMD3(function(x), function(y), function(z))
  }
}
