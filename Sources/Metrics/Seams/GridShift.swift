import Base
public import TileIO

/// How two results of one image differ, made with the tiles elsewhere or of another size.
///
/// Differences are in 8-bit levels: 16-bit samples are scaled by 255/65535, floats by 255.
public struct GridShift: Sendable, Hashable, Codable {
  /// What it means, in a line.
  public static let meaning =
    "the difference of two results that may differ only in their tiles, in 8-bit levels; 0 = none"

  /// The root mean square of the differences of all samples.
  public let rms: Double
  /// The largest difference.
  public let maximum: Double
  /// What 99.9 % of the samples do not exceed; of floats to 0.03 % of its value.
  public let percentile999: Double
  /// Samples that are not the same.
  public let differingSamples: Int
  /// Samples of the image, alpha included.
  public let samples: Int
  /// Samples that are a finite number in one result only; they count as differing, and nowhere else.
  public let nonFiniteDifferences: Int

  /// Compares two images of one size, number of channels and depth, strip by strip.
  public static func measure(
    _ first: any ImageSource, _ second: any ImageSource,
    isCancelled: @Sendable () -> Bool = { false }
  ) throws -> GridShift {
    try check(first.info, second.info)
    var sums = DifferenceSums(first.info.sampleFormat)
    let strips = StripReader(first.info)
    for rows in strips.rows {
      if isCancelled() { throw TesseraError.cancelled }
      sums.add(try strips.read(rows, of: first), try strips.read(rows, of: second))
    }
    return sums.figures
  }

  /// Throws unless the two images can be compared sample by sample.
  static func check(_ first: ImageInfo, _ second: ImageInfo) throws(TesseraError) {
    func shape(_ info: ImageInfo) -> String {
      "\(info.width) x \(info.height) px of \(info.channels) x \(info.sampleFormat.rawValue)"
    }
    guard shape(first) == shape(second) else {
      throw TesseraError(
        "comparing two results: one has \(shape(first)), the other \(shape(second)); give two "
          + "results of the same image")
    }
  }
}
