/// The whole image at a coarse scale: what a pair calibrates on.
///
/// It is a box-filtered reduction by a whole number, chosen from the image alone; a small image is
/// its own overview.
public struct Overview: ~Copyable, Sendable {
  /// The image that the overview shows.
  public let image: ImageDescription
  /// Level-0 pixels per overview pixel, at least 1.
  public let reduction: Int
  /// The pixels, with origin (0, 0), in the channels and format of the image.
  public let pixels: Tile

  /// The parts that ``DomainPair/samples(for:options:)`` asked for, in the same order.
  public var samples: [PixelSample] = []

  /// What the user wants the pair to be fitted on; nil to leave it to the pair.
  ///
  /// Only pairs whose description says ``PairDescription/fitsOnMask`` are given one.
  public var fitMask: RegionMask?

  /// The reducer from ``DomainPair/reducer(for:options:)``, once it has seen the whole image.
  public var statistics: (any ImageReducer)?

  /// Creates an overview from its pixels and what they show.
  public init(image: ImageDescription, reduction: Int, pixels: consuming Tile) {
    precondition(reduction >= 1, "reduction \(reduction)")
    self.image = image
    self.reduction = reduction
    self.pixels = pixels
  }
}

/// Statistics of a whole image, gathered strip by strip at full resolution in bounded memory.
///
/// Each strip is added to a copy of the still empty reducer, and the copies are merged from top to
/// bottom. Where strips begin depends on the image alone, so the result is the same, to the last
/// bit, for any tile size and number of threads.
///
/// ```swift
/// struct Mean: ImageReducer {
///   var (sum, count) = (0.0, 0.0)
///   mutating func accumulate(_ strip: borrowing Tile) { … }
///   mutating func merge(_ other: Mean) { sum += other.sum; count += other.count }
/// }
/// ```
public protocol ImageReducer: Sendable {
  /// Adds a strip: all columns of some rows, in the channels and format of the image, alpha left
  /// out.
  mutating func accumulate(_ strip: borrowing Tile) throws(PairError)

  /// Adds what another reducer has seen, whose strip lies below.
  mutating func merge(_ other: Self)
}
