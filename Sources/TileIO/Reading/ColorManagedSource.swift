import Base
import TesseraPlugin

/// A picture whose pixels are brought from the profile of its file to sRGB, which every pair expects.
final class ColorManagedSource: ImageSource {
  let info: ImageInfo
  /// The picture as it is stored.
  let stored: any ImageSource
  private let transform: ColorProfile.Transform

  /// Takes a picture with a profile; nil where it has none, or that of sRGB.
  convenience init?(_ stored: any ImageSource) {
    var info = stored.info
    let colors = info.channels - (info.hasAlpha ? 1 : 0)
    guard info.color == .rgb || info.color == .gray, colors == 1 || colors == 3,
      let bytes = info.iccProfile, let profile = ColorProfile(bytes, colors: colors),
      !profile.isSRGB(colors: colors),
      let transform = profile.toSRGB(
        colors: colors, extra: info.channels - colors, format: info.sampleFormat)
    else { return nil }
    info.iccProfile = ColorProfile.sRGB(colors: colors)
    info.storedProfile = .init(name: profile.name, bytes: bytes.count)
    self.init(stored, info: info, transform: transform)
  }

  private init(_ stored: any ImageSource, info: ImageInfo, transform: ColorProfile.Transform) {
    self.stored = stored
    self.info = info
    self.transform = transform
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    try stored.read(into: &tile)
    map(&tile)
  }

  func reopened() throws(TesseraError) -> any ImageSource {
    info.isRandomAccess
      ? self
      : ColorManagedSource(try stored.reopened(), info: info, transform: transform)
  }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    var overview = try stored.overview(reduction: reduction)
    map(&overview)
    return overview
  }

  private func map(_ tile: inout Tile) {
    let (region, stride) = (tile.region, tile.bytesPerRow)
    tile.withUnsafeMutableBytes {
      transform.apply(
        UnsafeMutableRawBufferPointer(start: $0, count: stride * region.height),
        width: region.width, rows: region.height, bytesPerRow: stride)
    }
  }
}
