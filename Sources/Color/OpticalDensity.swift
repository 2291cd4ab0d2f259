/// The optical density of a level of a channel: -ln((I + offset) / white), I on the scale 0...255.
///
/// Without an offset, levels below 1 count as 1. Images of more than 8 bits are brought to the same
/// scale, so that a picture looks the same at any depth.
package struct OpticalDensity: Sendable, Hashable {
  /// The level of full transmission.
  package let white: Double
  /// What is added to each level to keep the logarithm finite: 0 or 1.
  package let offset: Double
  /// The least density; -infinity for none.
  package let floor: Double

  /// Full transmission at 255, and no offset.
  package static let standard = OpticalDensity(white: 255)

  /// Makes one of these constants.
  package init(white: Double, offset: Double = 0, floor: Double = -.infinity) {
    (self.white, self.offset, self.floor) = (white, offset, floor)
  }

  /// The level whose logarithm is taken.
  package func effective(_ level: Double) -> Double { offset > 0 ? level + offset : max(level, 1) }

  /// The density of a level.
  package func density(_ level: Double) -> Double {
    max(-naturalLogarithm(effective(level) / white), floor)
  }

  /// The densities of the levels 0...255.
  package var table: [Double] { (0..<256).map { density(Double($0)) } }
}
