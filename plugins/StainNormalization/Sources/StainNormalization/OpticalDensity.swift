/// The optical density of a level of a channel: -ln((I + offset) / white), I on the scale 0...255.
///
/// Without an offset, levels below 1 count as 1. Images of more than 8 bits are brought to the same
/// scale, so that a picture looks the same at any depth.
struct OpticalDensity: Sendable, Hashable {
  /// The level of full transmission.
  let white: Double
  /// What is added to each level to keep the logarithm finite: 0 or 1.
  let offset: Double
  /// The least density; -infinity for none.
  let floor: Double

  /// The level whose logarithm is taken.
  func effective(_ level: Double) -> Double { offset > 0 ? level + offset : max(level, 1) }

  /// The density of a level.
  func density(_ level: Double) -> Double {
    max(-naturalLogarithm(effective(level) / white), floor)
  }

  /// The densities of the levels 0...255.
  var table: [Double] { (0..<256).map { density(Double($0)) } }
}
