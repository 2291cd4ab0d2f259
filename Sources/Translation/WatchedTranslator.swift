import TesseraPlugin

/// A translator whose maker lies in files, which may be replaced while an image is translated.
///
/// The engine asks it when all windows of an image are done and before the output takes its name.
package protocol WatchedTranslator: TileTranslator {
  /// Refuses an image whose windows two versions may have made.
  func checkUnchanged() throws(PairError)
}
