import Base
import TesseraPlugin

/// An open image that delivers its pixels in windows.
public protocol ImageSource: AnyObject, Sendable {
  /// What the file says about the image.
  var info: ImageInfo { get }

  /// Fills `tile` with the level-0 pixels of its region.
  ///
  /// The tile has the channels and the format of ``info``. A source without random access must be
  /// read from top to bottom, in full rows, from one thread; any other may be called from many.
  func read(into tile: inout Tile) throws(TesseraError)

  /// The same image for another pass from its top; itself where it has random access.
  func reopened() throws(TesseraError) -> any ImageSource

  /// The compressed tiles in which level 0 is stored; nil where they cannot be copied.
  var storedJPEGTiles: StoredJPEGTiles? { get }

  /// The whole image, box-filtered down by `reduction`: floor(size / reduction), at least 1 px.
  func overview(reduction: Int) throws(TesseraError) -> Tile
}
