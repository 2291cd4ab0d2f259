/// One number about two sets of images.
public struct SetFigure: Sendable, Hashable, Codable {
  /// What was measured, such as "stain-angle eosin".
  public let name: String
  /// The number.
  public let value: Double
  /// How far it varies, where that is known.
  public let deviation: Double?
  /// What it means, in a line.
  public let meaning: String

  init(_ name: String, _ value: Double, deviation: Double? = nil, _ meaning: String) {
    (self.name, self.value, self.deviation, self.meaning) = (name, value, deviation, meaning)
  }
}
