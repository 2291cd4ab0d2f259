/// How much the picture jumps where tiles meet.
///
/// A step is the mean of the 4 px behind a line minus the mean of the 4 px before it, both over
/// 64 px along the line. `ratio` is sqrt((S + f) / (C + f)): S is the mean square of the steps at
/// the seams, C that at six control lines in every interval between seams, and f = 1/1536 is what
/// rounding to 8 bits alone gives, so that a flat image has 1 too.
public struct SeamStep: Sendable, Hashable, Codable {
  /// What it means, in a line.
  public static let meaning =
    "the step where tiles meet over the same at lines between; 1 = no seam, within the controls"

  /// The channel, or "luminance", weighed as in BT.709.
  public let channel: String
  /// The step at the seams over that at the control lines; 1 = no seam.
  public let ratio: Double
  /// The root mean square of the steps at the seams, in 8-bit levels.
  public let levels: Double
  /// The least of the six ratios that the control lines have: what chance gives.
  public let lowestControl: Double
  /// The largest of the six ratios that the control lines have.
  public let highestControl: Double

  /// Pixels of a segment along the line; the last segment takes what is left.
  static let segment = 64

  /// The mean square of the steps of a flat image with rounded noise, in 8-bit levels.
  static let roundingNoise = 2.0 / 12 / Double(SeamGrid.reach * segment)
}
