import Base
import TesseraPlugin
import TileIO

/// A test picture as the engine reads files.
final class PictureSource: ImageSource {
  let info: ImageInfo
  private let picture: TestPicture

  /// Shows `picture`.
  init(_ picture: TestPicture) {
    self.picture = picture
    let region = picture.tile.region
    let channels = picture.tile.channels
    var info = ImageInfo(
      format: "test picture", width: region.width, height: region.height, channels: channels,
      colour: channels == 3 ? .rgb : channels == 1 ? .grey : .other,
      sampleFormat: picture.tile.format)
    info.isRandomAccess = true
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    // A pair may ask for samples that reach beyond the image, as for any other source.
    tile.copy(tile.region.intersection(info.region), from: picture.tile)
  }
}
