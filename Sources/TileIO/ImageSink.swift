import Base
import TesseraPlugin

/// A file that is being written, from top to bottom.
///
/// The file appears under its name in ``finish()``, complete, or not at all.
public protocol ImageSink: AnyObject {
  /// Takes the next rows; `strip` spans the full width and starts where the last one ended.
  func write(_ strip: borrowing Tile) throws(TesseraError)

  /// Completes the file, opens it again to check it and gives it its name.
  func finish() throws(TesseraError)

  /// Removes everything that was written; does nothing after ``finish()``.
  func discard()
}
