import Base
import TesseraPlugin
import TileIO

/// An image with alpha as a pair sees it: its colors, and white where nothing is to be seen.
///
/// Its overview is a mean of these, so that hidden colors do not show at the rim.
final class OpaqueSource: ImageSource {
  let info: ImageInfo
  private let image: any ImageSource

  /// Takes an image with alpha, at its top.
  init(_ image: any ImageSource) {
    self.image = image
    var info = image.info
    info.channels -= 1
    info.hasAlpha = false
    self.info = info
  }

  /// The overview of an image with alpha: its own alpha behind the colors that are seen.
  static func overview(
    of image: any ImageSource, reduction: Int
  ) throws(TesseraError) -> Tile {
    var overview = try image.overview(reduction: reduction)
    let colors = try OpaqueSource(image.reopened()).overview(reduction: reduction)
    let bytes = overview.format.bytes
    let (pixel, count) = (overview.channels * bytes, colors.channels * bytes)
    let (width, height) = (overview.region.width, overview.region.height)
    let (stride, colorStride) = (overview.bytesPerRow, colors.bytesPerRow)
    colors.withUnsafeBytes { from in
      overview.withUnsafeMutableBytes { to in
        for row in 0..<height {
          for column in 0..<width {
            (to + row * stride + column * pixel).copyMemory(
              from: from + row * colorStride + column * count, byteCount: count)
          }
        }
      }
    }
    return overview
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    var whole = Tile(region: tile.region, channels: image.info.channels, format: tile.format)
    try image.read(into: &whole)
    tile.copy(tile.region, from: ChannelSplit.colors(of: whole, own: info.channels))
  }

  func reopened() throws(TesseraError) -> any ImageSource {
    info.isRandomAccess ? self : OpaqueSource(try image.reopened())
  }
}
