/// What was measured on one pair of images.
public struct PairedFigures: Sendable, Hashable, Codable {
  /// The numbers; PSNR of two images that are the same is infinite.
  public var values: [PairedMetric: Double] = [:]
  /// Pixels that were compared: those of the mask, or all.
  public var pixels = 0
  /// Samples that are NaN or infinite in either image; the numbers do without them.
  public var nonFiniteSamples = 0
  /// What could not be measured, and why; a line each.
  public var notes: [String] = []

  /// Nothing yet.
  public init() {}
}
