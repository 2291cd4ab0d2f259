public import Base

/// The levels between which an image is measured: what PSNR and SSIM call the data range.
public struct LevelRange: Sendable, Hashable, Codable {
  /// The least level.
  public let low: Double
  /// The greatest level.
  public let high: Double

  /// Makes a range; throws where it is empty or no number.
  public init(_ low: Double, _ high: Double) throws(TesseraError) {
    guard low.isFinite, high.isFinite, low < high else {
      throw TesseraError("a data range from \(low) to \(high) is empty; give LOW:HIGH, as in 0:255")
    }
    (self.low, self.high) = (low, high)
  }

  /// Takes a range that is known to be in order.
  init(unchecked low: Double, _ high: Double) { (self.low, self.high) = (low, high) }

  /// From 0 to `white`.
  init(white: Float) { (low, high) = (0, Double(white)) }

  /// The greatest level minus the least.
  public var width: Double { high - low }
}
