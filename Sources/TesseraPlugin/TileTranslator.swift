/// Computes output pixels from a window of input pixels, once an image has been calibrated.
///
/// The engine calls a translator from many threads at once. What it writes may depend on the
/// pixels within its footprint and on nothing else: not on where the window ends, unless the image
/// itself ends there.
public protocol TileTranslator: Sendable {
  /// The context that the translator reads around its core.
  var footprint: Footprint { get }

  /// Writes every pixel of `core`.
  ///
  /// `window` covers what `core` is made of, grown by the halo and cut at the borders of the image.
  /// `window` has the channels and the format of the image; `core` has the channels that the pair
  /// makes, in coordinates of the output, and the image's format unless the pair converts depth.
  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError)
}
