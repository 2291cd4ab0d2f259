import Base
public import TileIO

/// Measures whether tiles show in a translated image, strip by strip.
///
/// Memory follows the width of the image, not its area.
public struct SeamSuite: Sendable {
  /// Where the tiles meet.
  public let grid: SeamGrid

  /// Measures at the seams of `grid`.
  public init(_ grid: SeamGrid) { self.grid = grid }

  /// Reads the image once, from top to bottom, and `other` beside it, if there is one: a result of
  /// the same input whose tiles lay elsewhere.
  ///
  /// Throws where reading fails, the two cannot be compared, or `isCancelled` is true.
  public func measure(
    _ image: any ImageSource, against other: (any ImageSource)? = nil,
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> SeamReport {
    try measure(image, against: other, StripReader(image.info), isCancelled: isCancelled)
  }

  func measure(
    _ image: any ImageSource, against other: (any ImageSource)? = nil, _ strips: StripReader,
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> SeamReport {
    let info = image.info
    if let other { try GridShift.check(info, other.info) }
    var seams = SeamSums(grid, info)
    var differences = DifferenceSums(info.sampleFormat)
    for rows in strips.rows {
      if isCancelled() { throw TesseraError.cancelled }
      let strip = try strips.read(rows, of: image)
      seams.add(strip)
      if let other { differences.add(strip, try strips.read(rows, of: other)) }
    }
    return seams.report(gridShift: other == nil ? nil : differences.figures)
  }
}
