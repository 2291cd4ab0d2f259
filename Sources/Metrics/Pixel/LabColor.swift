import Color

/// CIE Lab of sRGB samples under D65, with the constants of scikit-image.
struct LabColor: Sendable {
  /// The light of each whole level; empty for float images.
  private let table: [Double]
  private let white: Double
  private let space = LabSpace.standard

  /// Prepares for levels from 0 to `white`, which are whole numbers if `isWhole`.
  init(white: Double, isWhole: Bool) {
    self.white = white
    table = isWhole ? (0...Int(white)).map { LabSpace.light(Double($0) / white) } : []
  }

  @inline(__always)
  private func light(_ level: Float) -> Double {
    if table.isEmpty { return LabSpace.light(max(0, min(1, Double(level) / white))) }
    return table[max(0, min(table.count - 1, Int(level)))]
  }

  /// L (0...100), a and b of a color.
  @inline(__always)
  func callAsFunction(_ red: Float, _ green: Float, _ blue: Float) -> SIMD3<Double> {
    space.lab(light: SIMD3(light(red), light(green), light(blue)))
  }
}
