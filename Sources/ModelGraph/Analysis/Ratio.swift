/// A positive fraction in lowest terms, such as pixels of a value a pixel of the image.
public struct Ratio: Sendable, Hashable, CustomStringConvertible {
  /// Above the line.
  public let numerator: Int
  /// Below the line.
  public let denominator: Int

  /// One.
  public static let one = Ratio(1, 1)

  /// `numerator` over `denominator`, both positive.
  public init(_ numerator: Int, _ denominator: Int) {
    precondition(numerator > 0 && denominator > 0, "\(numerator) / \(denominator)")
    let divisor = Ratio.greatestCommonDivisor(numerator, denominator)
    self.numerator = numerator / divisor
    self.denominator = denominator / divisor
  }

  /// The fraction of small numbers that `value`, a factor in single precision, stands for; nil where
  /// there is none.
  init?(approximating value: Double) {
    for denominator in 1...64 {
      let numerator = (value * Double(denominator)).rounded()
      guard (1...64).contains(numerator) else { continue }
      if abs(numerator / Double(denominator) - value) < 1e-6 * value {
        self.init(Int(numerator), denominator)
        return
      }
    }
    return nil
  }

  /// The fraction as a number.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// `3`, or `1/2`.
  public var description: String {
    denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
  }

  /// Scales a length that comes out whole.
  public func scale(_ length: Int) -> Int { length * numerator / denominator }

  static func * (a: Ratio, b: Ratio) -> Ratio {
    // Crosswise first, so that nothing overflows on the way.
    let (first, second) = (Ratio(a.numerator, b.denominator), Ratio(b.numerator, a.denominator))
    return Ratio(
      first.numerator * second.numerator, first.denominator * second.denominator)
  }

  static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    b == 0 ? a : greatestCommonDivisor(b, a % b)
  }

  static func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
    a / greatestCommonDivisor(a, b) * b
  }
}
