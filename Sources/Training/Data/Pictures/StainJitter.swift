import Base
import Foundation

/// Random change of the amounts of hematoxylin, eosin and DAB, as laboratories differ, with the stain
/// vectors of Ruifrok and Johnston (Tellez and others, 2018).
struct StainJitter: Sendable {
  /// Largest share by which an amount grows or shrinks.
  let strength: Double

  /// Optical density of each stain in red, green and blue.
  private static let stains: [[Double]] = [
    [0.65, 0.70, 0.29], [0.07, 0.99, 0.11], [0.27, 0.57, 0.78],
  ]
  private static let amounts = inverse(stains)

  /// The same tissue from another laboratory; pictures of other than three channels stay.
  func applied(to picture: Picture, _ numbers: inout SeededNumbers) -> Picture {
    guard strength > 0, picture.channels == 3 else { return picture }
    let factors = (0..<3).map { _ in 1 + strength * (2 * numbers.unit() - 1) }
    let shifts = (0..<3).map { _ in 0.1 * strength * (2 * numbers.unit() - 1) }
    // Amounts are OD · A, changed amounts · stains are OD again: one matrix and a shift.
    var matrix = [Float](repeating: 0, count: 9)
    var shift = [Float](repeating: 0, count: 3)
    for to in 0..<3 {
      for stain in 0..<3 {
        shift[to] += Float(shifts[stain] * Self.stains[stain][to])
        for from in 0..<3 {
          matrix[from * 3 + to] += Float(
            Self.amounts[from][stain] * factors[stain] * Self.stains[stain][to])
        }
      }
    }
    var result = picture
    let plane = picture.height * picture.width
    for pixel in 0..<plane {
      let red = density(picture.values[pixel])
      let green = density(picture.values[plane + pixel])
      let blue = density(picture.values[2 * plane + pixel])
      for to in 0..<3 {
        let changed =
          shift[to] + red * matrix[to] + green * matrix[3 + to] + blue * matrix[6 + to]
        let light = (exp(-changed) * 256 - 1) / 255
        result.values[to * plane + pixel] = min(1, max(-1, light * 2 - 1))
      }
    }
    return result
  }

  /// Optical density of a value in -1...1; black is that of 1 in 256.
  private func density(_ value: Float) -> Float { -log(((value + 1) / 2 * 255 + 1) / 256) }

  private static func inverse(_ m: [[Double]]) -> [[Double]] {
    func minor(_ row: Int, _ column: Int) -> Double {
      let (a, b) = ((row + 1) % 3, (row + 2) % 3)
      let (c, d) = ((column + 1) % 3, (column + 2) % 3)
      return m[a][c] * m[b][d] - m[a][d] * m[b][c]
    }
    let determinant = (0..<3).reduce(0.0) { $0 + m[0][$1] * minor(0, $1) }
    return (0..<3).map { row in (0..<3).map { minor($0, row) / determinant } }
  }
}
