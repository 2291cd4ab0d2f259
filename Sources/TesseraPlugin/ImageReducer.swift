/// Statistics of a whole image, gathered strip by strip at full resolution in bounded memory.
///
/// Each strip is added to a copy of the reducer that has seen nothing yet, and the copies are merged
/// from top to bottom. Where strips begin depends on the image alone, so the result is the same, to the
/// last bit, for any tile size and number of threads.
///
/// ```swift
/// struct Mean: ImageReducer {
///   var (sum, count) = (0.0, 0.0)
///   mutating func accumulate(_ strip: borrowing Tile) { … }
///   mutating func merge(_ other: Mean) { sum += other.sum; count += other.count }
/// }
/// ```
public protocol ImageReducer: Sendable {
  /// Adds a strip: all columns of some rows, in the channels and format of the image, alpha left out.
  mutating func accumulate(_ strip: borrowing Tile) throws(PairError)

  /// Adds what another one has seen, which lies below.
  mutating func merge(_ other: Self)
}
