import Foundation

/// CIE Lab of sRGB under D65, with the constants of scikit-image.
struct LabColor: Sendable {
  /// The light of each whole level; empty for float images.
  private let table: [Double]
  private let white: Double

  /// Prepares for levels from 0 to `white`, which are whole numbers if `isWhole`.
  init(white: Double, isWhole: Bool) {
    self.white = white
    table = isWhole ? (0...Int(white)).map { Self.light(Double($0) / white) } : []
  }

  /// The light of an sRGB intensity, both 0...1.
  static func light(_ level: Double) -> Double {
    level > 0.04045 ? pow((level + 0.055) / 1.055, 2.4) : level / 12.92
  }

  @inline(__always)
  private func light(_ level: Float) -> Double {
    if table.isEmpty { return Self.light(max(0, min(1, Double(level) / white))) }
    return table[max(0, min(table.count - 1, Int(level)))]
  }

  @inline(__always)
  private func compressed(_ share: Double) -> Double {
    share > 0.008856 ? cbrt(share) : 7.787 * share + 16.0 / 116
  }

  /// L (0...100), a and b of a color.
  @inline(__always)
  func callAsFunction(_ red: Float, _ green: Float, _ blue: Float) -> SIMD3<Double> {
    let (r, g, b) = (light(red), light(green), light(blue))
    let x = compressed((0.412453 * r + 0.357580 * g + 0.180423 * b) / 0.95047)
    let y = compressed(0.212671 * r + 0.715160 * g + 0.072169 * b)
    let z = compressed((0.019334 * r + 0.119193 * g + 0.950227 * b) / 1.08883)
    return SIMD3(116 * y - 16, 500 * (x - y), 200 * (y - z))
  }
}
