/// Pixels of output a pixel of the image, as a fraction: 1, 3, 1/2.
public struct PixelScale: Sendable, Hashable {
  /// Above the line.
  public let numerator: Int
  /// Below the line.
  public let denominator: Int

  /// Output as large as the image.
  public static let one = PixelScale(1, 1)

  /// `numerator` over `denominator`, both positive.
  public init(_ numerator: Int, _ denominator: Int) {
    precondition(numerator > 0 && denominator > 0, "a scale of \(numerator) / \(denominator)")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The fraction as a number.
  public var value: Double { Double(numerator) / Double(denominator) }

  /// Pixels of output that `length` px of the image make; a part of a pixel counts as one.
  public func output(_ length: Int) -> Int {
    (length * numerator + denominator - 1) / denominator
  }
}
