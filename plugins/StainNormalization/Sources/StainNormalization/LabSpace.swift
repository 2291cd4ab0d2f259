/// The constants of CIE Lab for sRGB primaries under D65.
struct LabSpace: Sendable {
  /// Linear RGB to XYZ, by rows, with Y of white at 1.
  let toXYZ: [SIMD3<Double>]
  /// XYZ to linear RGB, by rows.
  let toRGB: [SIMD3<Double>]
  /// X, Y, Z of white.
  let white: SIMD3<Double>

  private static let primaries: [SIMD3<Double>] = [
    SIMD3(0.412453, 0.357580, 0.180423), SIMD3(0.212671, 0.715160, 0.072169),
    SIMD3(0.019334, 0.119193, 0.950227),
  ]

  /// As scikit-image has it, and after it HistomicsTK and torchstain.
  static let standard = LabSpace(
    toXYZ: primaries, toRGB: inverse(primaries), white: SIMD3(0.95047, 1, 1.08883))

  /// As OpenCV has it.
  static let openCV = LabSpace(
    toXYZ: primaries,
    toRGB: [
      SIMD3(3.240479, -1.537150, -0.498535), SIMD3(-0.969256, 1.875991, 0.041556),
      SIMD3(0.055648, -0.204043, 1.057311),
    ], white: SIMD3(0.950456, 1, 1.088754))

  /// The light of an sRGB level, both 0...1.
  static func light(_ level: Double) -> Double {
    level > 0.04045 ? power((level + 0.055) / 1.055, 2.4) : level / 12.92
  }

  /// The compressed share of white: the cube root, and a line for the dark.
  static func compressed(_ share: Double) -> Double {
    share > 0.008856 ? cubeRoot(share) : 7.787 * share + 16.0 / 116
  }

  /// L (0...100), a and b of an sRGB color given as light.
  func lab(light: SIMD3<Double>) -> SIMD3<Double> {
    let f = (0..<3).map { Self.compressed(toXYZ[$0].dot(light) / white[$0]) }
    return SIMD3(116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2]))
  }

  private static func inverse(_ m: [SIMD3<Double>]) -> [SIMD3<Double>] {
    let columns = [m[1].cross(m[2]), m[2].cross(m[0]), m[0].cross(m[1])]
    let determinant = m[0].dot(columns[0])
    return (0..<3).map { row in
      SIMD3(columns[0][row], columns[1][row], columns[2][row]) / determinant
    }
  }
}
