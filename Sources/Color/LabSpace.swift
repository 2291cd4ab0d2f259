/// The constants of CIE Lab for sRGB primaries under D65.
package struct LabSpace: Sendable {
  // Linear RGB to X, Y and Z, with Y of white at 1.
  @usableFromInline let x: SIMD3<Double>
  @usableFromInline let y: SIMD3<Double>
  @usableFromInline let z: SIMD3<Double>
  /// X, Y, Z of white.
  package let white: SIMD3<Double>
  /// XYZ to linear RGB, by rows.
  package var toRGB: [SIMD3<Double>] { [red, green, blue] }
  private let red: SIMD3<Double>
  private let green: SIMD3<Double>
  private let blue: SIMD3<Double>

  /// Takes both maps by rows.
  private init(toXYZ: [SIMD3<Double>], toRGB: [SIMD3<Double>], white: SIMD3<Double>) {
    (x, y, z) = (toXYZ[0], toXYZ[1], toXYZ[2])
    (red, green, blue) = (toRGB[0], toRGB[1], toRGB[2])
    self.white = white
  }

  private static let primaries: [SIMD3<Double>] = [
    SIMD3(0.412453, 0.357580, 0.180423), SIMD3(0.212671, 0.715160, 0.072169),
    SIMD3(0.019334, 0.119193, 0.950227),
  ]

  /// As scikit-image has it, and after it HistomicsTK and torchstain.
  package static let standard = LabSpace(
    toXYZ: primaries, toRGB: inverse(primaries), white: SIMD3(0.95047, 1, 1.08883))

  /// As OpenCV has it.
  package static let openCV = LabSpace(
    toXYZ: primaries,
    toRGB: [
      SIMD3(3.240479, -1.537150, -0.498535), SIMD3(-0.969256, 1.875991, 0.041556),
      SIMD3(0.055648, -0.204043, 1.057311),
    ], white: SIMD3(0.950456, 1, 1.088754))

  /// Linear RGB to XYZ, by rows.
  package var toXYZ: [SIMD3<Double>] { [x, y, z] }

  /// The light of an sRGB level, both 0...1.
  @inlinable
  package static func light(_ level: Double) -> Double {
    level > 0.04045 ? power((level + 0.055) / 1.055, 2.4) : level / 12.92
  }

  /// The compressed share of white: the cube root, and a line for the dark.
  @inlinable
  package static func compressed(_ share: Double) -> Double {
    share > 0.008856 ? cubeRoot(share) : 7.787 * share + 16.0 / 116
  }

  /// L (0...100), a and b of an sRGB color given as light.
  @inlinable
  package func lab(light: SIMD3<Double>) -> SIMD3<Double> {
    let fx = Self.compressed(x.dot(light) / white.x)
    let fy = Self.compressed(y.dot(light) / white.y)
    let fz = Self.compressed(z.dot(light) / white.z)
    return SIMD3(116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz))
  }

  private static func inverse(_ m: [SIMD3<Double>]) -> [SIMD3<Double>] {
    let columns = [m[1].cross(m[2]), m[2].cross(m[0]), m[0].cross(m[1])]
    let determinant = m[0].dot(columns[0])
    return (0..<3).map { row in
      SIMD3(columns[0][row], columns[1][row], columns[2][row]) / determinant
    }
  }
}
