public import Base
public import TileIO
import TesseraPlugin

/// Measures how alike two images of the same scene are, strip by strip: memory follows the width.
///
/// LPIPS and the metrics in Hounsfield units look at whole images and are types of their own:
/// ``PerceptualDistance`` and ``HounsfieldSimilarity``.
public struct PairedEvaluation: Sendable {
  /// What to measure.
  public let metrics: Set<PairedMetric>
  /// The data range; nil takes 0 to the white of the target's format.
  public let range: LevelRange?

  /// Chooses what to measure.
  public init(_ metrics: Set<PairedMetric>, range: LevelRange? = nil) {
    self.metrics = metrics.filter { $0 != .lpips && !$0.isHounsfield }
    self.range = range
  }

  /// Reads both images once, from top to bottom.
  ///
  /// Alpha is left out. Levels of another depth than the target's are brought to its scale, floats
  /// as 0...1. What a small or gray image cannot have is a note.
  ///
  /// - Parameters:
  ///   - result: The image to judge.
  ///   - target: What it should look like.
  ///   - mask: An image of the same size; pixels whose first channel is not 0 count.
  ///   - pool: Threads.
  ///   - isCancelled: Asked between strips.
  /// - Returns: The figures.
  /// - Throws: Where the images cannot be compared, or reading fails.
  public func measure(
    _ result: any ImageSource, against target: any ImageSource, mask: (any ImageSource)? = nil,
    pool: WorkerPool, isCancelled: @Sendable () -> Bool = { false }
  ) throws -> PairedFigures {
    try Self.check(result.info, target.info, mask?.info)
    let run = PairedRun(metrics, range, result.info, target.info)
    for rows in BandReader.bands(of: [result.info, target.info]) {
      if isCancelled() { throw TesseraError.cancelled }
      let band = try run.reader.read(rows, result, target, mask)
      let measures = run.measures
      pool.run(measures.count) { measures[$0].add(band) }
    }
    return run.figures
  }

  /// Throws unless the two images can be compared pixel by pixel.
  static func check(
    _ result: ImageInfo, _ target: ImageInfo, _ mask: ImageInfo?
  ) throws(TesseraError) {
    guard result.width == target.width, result.height == target.height else {
      throw TesseraError(
        "it has \(result.width) x \(result.height) px, the other \(target.width) x "
          + "\(target.height) px; give images of the same size")
    }
    let (channels, others) = (
      result.channels - (result.hasAlpha ? 1 : 0), target.channels - (target.hasAlpha ? 1 : 0)
    )
    guard channels == others else {
      throw TesseraError(
        "it has \(channels) colour channel\(channels == 1 ? "" : "s"), the other \(others); convert "
          + "one to the colours of the other")
    }
    if let mask, mask.width != target.width || mask.height != target.height {
      throw TesseraError(
        "the mask has \(mask.width) x \(mask.height) px, the images \(target.width) x "
          + "\(target.height) px; give a mask of the same size")
    }
  }
}
