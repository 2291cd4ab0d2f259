/// The number of output pixels per image pixel, as a fraction: 1, 3, 1/2.
public struct PixelScale: Sendable, Hashable {
  /// The numerator of the fraction.
  public let numerator: Int
  /// The denominator of the fraction.
  public let denominator: Int

  /// The scale of an output as large as the image.
  public static let one = PixelScale(1, 1)

  /// Creates the scale `numerator` over `denominator`, both positive.
  public init(_ numerator: Int, _ denominator: Int) {
    precondition(numerator > 0 && denominator > 0, "a scale of \(numerator) / \(denominator)")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The fraction as a number.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// Returns the output pixels that `length` px of the image make; a partial pixel counts as one.
  public func output(_ length: Int) -> Int {
    (length * numerator + denominator - 1) / denominator
  }
}
