/// Computes output pixels from a window of input pixels, once an image has been calibrated.
///
/// The engine calls a translator from many threads at once. Its output may depend only on the
/// pixels within its footprint: not on where the window ends, unless the image
/// itself ends there.
public protocol TileTranslator: Sendable {
  /// What the translator reads around its core.
  var footprint: Footprint { get }

  /// Writes every pixel of `core`.
  ///
  /// `window` covers the input of `core`, grown by the halo and cut at the image borders.
  /// `window` has the channels and the format of the image; `core` has the pair's output
  /// channels, output coordinates, and the image's format unless the pair converts depth.
  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError)
}
