/// What the seam suite found in a result.
public struct SeamReport: Sendable, Hashable, Codable {
  /// The figures of the seams of one direction.
  public struct Seams: Sendable, Hashable, Codable {
    /// For each channel, luminance last; empty where no seam can be measured.
    public let steps: [SeamStep]
    /// For each channel, luminance last; empty where the image is narrower than two tiles.
    public let combs: [CombEnergy]
  }

  /// One number and what it means.
  public struct Figure: Sendable, Hashable, Codable {
    /// What was measured, such as "seam step, vertical, luminance".
    public let name: String
    /// The number.
    public let value: Double
    /// One line.
    public let meaning: String
  }

  /// Columns of the image.
  public let width: Int
  /// Rows of the image.
  public let height: Int
  /// Pixels from one seam to the next.
  public let pitch: Int
  /// The first seam.
  public let offset: Int
  /// Seams that run from top to bottom.
  public let vertical: Seams
  /// Seams that run from left to right.
  public let horizontal: Seams
  /// How the result differs from the other one, where one was given.
  public let gridShift: GridShift?
  /// Samples of the result that are NaN or infinite; the figures do without them.
  public let nonFiniteSamples: Int
  /// What could not be measured, and why; a line each.
  public let notes: [String]

  /// The largest step ratio of all channels and directions.
  public var worstStep: Double? { (vertical.steps + horizontal.steps).map(\.ratio).max() }

  /// The largest comb ratio of all channels and directions.
  public var worstComb: Double? { (vertical.combs + horizontal.combs).map(\.ratio).max() }

  /// Every number that was measured, with a line of explanation.
  public var figures: [Figure] {
    var figures: [Figure] = []
    for (direction, seams) in [("vertical", vertical), ("horizontal", horizontal)] {
      figures += seams.steps.map {
        Figure(
          name: "seam step, \(direction), \($0.channel)", value: $0.ratio,
          meaning: SeamStep.meaning)
      }
      figures += seams.combs.map {
        Figure(
          name: "comb energy, \(direction), \($0.channel)", value: $0.ratio,
          meaning: CombEnergy.meaning)
      }
    }
    if let gridShift {
      let values = [
        ("root mean square", gridShift.rms), ("maximum", gridShift.maximum),
        ("99.9 percentile", gridShift.percentile999),
        ("differing samples", Double(gridShift.differingSamples)),
      ]
      figures += values.map {
        Figure(name: "grid shift, \($0)", value: $1, meaning: GridShift.meaning)
      }
    }
    return figures
  }
}
