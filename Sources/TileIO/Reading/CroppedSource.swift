import Base
import TesseraPlugin

/// The part of a slide that was scanned.
///
/// It begins and ends at multiples of 256 px of the slide, so that its overviews are parts of those of the
/// slide, to the bit.
final class CroppedSource: ImageSource {
  let info: ImageInfo
  private let image: any ImageSource
  private let origin: (x: Int, y: Int)

  /// The grid of the border.
  private static let grid = 256

  /// Crops a slide that names its bounds; nil for any other image, and where nothing would be left out.
  init?(_ image: any ImageSource) {
    let whole = image.info.region
    guard image.info.isRandomAccess, image.info.orientation == 1,
      let bounds = image.info.scannedBounds?.intersection(whole), !bounds.isEmpty
    else { return nil }
    let (left, top) = (bounds.x / Self.grid * Self.grid, bounds.y / Self.grid * Self.grid)
    func end(_ place: Int) -> Int { (place + Self.grid - 1) / Self.grid * Self.grid }
    let right = min(whole.width, end(bounds.x + bounds.width))
    let bottom = min(whole.height, end(bounds.y + bounds.height))
    guard (left, top) != (0, 0) || (right, bottom) != (whole.width, whole.height) else {
      return nil
    }
    self.image = image
    origin = (left, top)
    var info = image.info
    (info.width, info.height) = (right - left, bottom - top)
    info.levels = [ImageInfo.Level(width: info.width, height: info.height)]
    info.scannedBounds = nil
    info.storedTile = nil
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    let region = tile.region
    var part = Tile(
      region: moved(region, by: origin), channels: tile.channels, format: tile.format)
    try image.read(into: &part)
    Self.copy(part, from: part.region, to: &tile)
  }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    let size = (max(1, info.width / reduction), max(1, info.height / reduction))
    let place = (x: origin.x / reduction, y: origin.y / reduction)
    var overview = Tile(
      region: PixelRegion(x: 0, y: 0, width: size.0, height: size.1), channels: info.channels,
      format: info.sampleFormat)
    let whole = try image.overview(reduction: reduction)
    let part = moved(overview.region, by: place)
    guard Self.grid % reduction == 0, whole.region.contains(part) else {
      return try LevelReduction(self).overview(reduction: reduction)
    }
    Self.copy(whole, from: part, to: &overview)
    return overview
  }

  private func moved(_ region: PixelRegion, by place: (x: Int, y: Int)) -> PixelRegion {
    PixelRegion(
      x: region.x + place.x, y: region.y + place.y, width: region.width, height: region.height)
  }

  /// Copies a part of a tile of other coordinates.
  private static func copy(_ source: borrowing Tile, from part: PixelRegion, to tile: inout Tile) {
    let pixel = source.channels * source.format.bytes
    let (stride, count, width) = (source.bytesPerRow, part.width * pixel, tile.bytesPerRow)
    let first = (part.y - source.region.y) * stride + (part.x - source.region.x) * pixel
    source.withUnsafeBytes { from in
      tile.withUnsafeMutableBytes { to in
        for row in 0..<part.height {
          (to + row * width).copyMemory(from: from + first + row * stride, byteCount: count)
        }
      }
    }
  }
}

/// Reaches the reduction of level 0.
private final class LevelReduction: ImageSource {
  private let image: CroppedSource
  var info: ImageInfo { image.info }
  init(_ image: CroppedSource) { self.image = image }
  func read(into tile: inout Tile) throws(TesseraError) { try image.read(into: &tile) }
}
