package import TesseraPlugin

/// A translator that computes a pixel alike in all windows that have some size.
package protocol WindowSizing: TileTranslator {
  /// The side of the smallest such window, in px.
  var leastWindow: Int { get }
}

extension TileTranslator {
  /// The side that no window goes below, unless the image does.
  package var leastSide: Int { (self as? any WindowSizing)?.leastWindow ?? 1 }
}
