#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The natural logarithm.
package func naturalLogarithm(_ x: Double) -> Double { log(x) }

/// e to the power of `x`.
package func exponential(_ x: Double) -> Double { exp(x) }

/// `base` to the power of `exponent`.
@inlinable
package func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }

/// The real cube root.
@inlinable
package func cubeRoot(_ x: Double) -> Double { cbrt(x) }

/// The angle of (`x`, `y`) in radians, from -π to π.
package func arcTangent(y: Double, x: Double) -> Double { atan2(y, x) }

/// Cosine and sine of an angle in radians.
func direction(_ angle: Double) -> (cosine: Double, sine: Double) { (cos(angle), sin(angle)) }
