import Base
import TesseraPlugin
import TileIO
import Translation

/// A picture that pairs are tried on; the same on every machine.
///
/// A large one is painted window by window, so that nothing holds it whole.
final class TestPicture: Sendable {
  /// Its pixels, from (0, 0) on.
  let region: PixelRegion
  /// Channels, those of the pair.
  let channels: Int
  /// How samples are stored.
  let format: SampleFormat
  /// What it shows.
  let pattern: PicturePattern
  /// What the pair is told of its resolution.
  let micronsPerPixel: Double?
  private let pair: PairDescription
  private let classes: Int?
  /// All of a small picture; of a large one nothing.
  private let stored: Tile

  /// Pictures up to this size are painted once.
  private static let storedPixels = 1 << 21

  /// Paints for `pair`, in its first sample format unless another is given.
  init(
    _ pair: PairDescription, width: Int, height: Int, format: SampleFormat? = nil,
    pattern: PicturePattern = .tissue(seed: 1), micronsPerPixel: Double? = nil
  ) {
    self.pair = pair
    self.pattern = pattern
    self.micronsPerPixel = micronsPerPixel
    let format = format ?? SampleFormat.allCases.first(where: pair.formats.contains) ?? .uint8
    self.format = format
    channels = pair.channels
    region = PixelRegion(x: 0, y: 0, width: width, height: height)
    classes =
      if case .labels(let colours) = pair.content { colours.isEmpty ? 2 : colours.count } else {
        nil
      }
    let isStored = region.area <= Self.storedPixels
    var tile = Tile(
      region: isStored ? region : PixelRegion(x: 0, y: 0, width: 1, height: 1),
      channels: channels, format: format)
    Self.paint(&tile, of: region, pattern, classes)
    stored = tile
  }

  /// Takes pixels that exist.
  init(_ pair: PairDescription, _ tile: consuming Tile) {
    self.pair = pair
    pattern = .tissue(seed: 0)
    (region, channels, format) = (tile.region, tile.channels, tile.format)
    (classes, micronsPerPixel) = (nil, nil)
    stored = tile
  }

  /// The picture with all pixels changed that are not in `region`.
  func changed(keeping region: PixelRegion, variant: Int) -> TestPicture {
    TestPicture(
      pair, width: self.region.width, height: self.region.height, format: format,
      pattern: .changed(pattern, keeping: region, variant: variant),
      micronsPerPixel: micronsPerPixel)
  }

  /// The picture as its own overview.
  var overview: Overview {
    Overview(
      image: ImageDescription(
        width: region.width, height: region.height, channels: channels, format: format,
        micronsPerPixel: micronsPerPixel), reduction: 1, pixels: part(region))
  }

  /// A copy of a part; what lies beyond the picture is its mirror image.
  func part(_ part: PixelRegion) -> Tile {
    var tile = Tile(region: part, channels: channels, format: format)
    if stored.region == region {
      tile.fillMirrored(from: stored)
    } else {
      Self.paint(&tile, of: region, pattern, classes)
      if case .notNumbers = pattern, format == .float32 { Self.spoil(&tile) }
    }
    return tile
  }

  private static func paint(
    _ tile: inout Tile, of image: PixelRegion, _ pattern: PicturePattern, _ classes: Int?
  ) {
    let isLabel = classes != nil
    switch tile.format {
    case .uint8:
      paint(&tile, image, pattern, classes) { UInt8(clamping: isLabel ? $0 : $0 >> 8) }
    case .uint16: paint(&tile, image, pattern, classes) { UInt16(clamping: $0) }
    case .float32:
      paint(&tile, image, pattern, classes) { isLabel ? Float($0) : Float($0) / 65535 }
    }
    if case .notNumbers = pattern, tile.format == .float32 { spoil(&tile) }
  }

  private static func paint<S: Sample>(
    _ tile: inout Tile, _ image: PixelRegion, _ pattern: PicturePattern, _ classes: Int?,
    _ store: (Int) -> S
  ) {
    let (region, channels) = (tile.region, tile.channels)
    let columns = region.columns.map { Tile.mirrored($0, image.width) }
    for row in region.rows {
      let y = Tile.mirrored(row, image.height)
      tile.withMutableRow(row, columns: region.columns, as: S.self) { samples in
        for (index, x) in columns.enumerated() {
          for channel in 0..<channels {
            samples[index * channels + channel] = store(
              pattern.level(x, y, channel, classes: classes))
          }
        }
      }
    }
  }

  /// Every 53rd sample becomes one of those that are no numbers.
  private static func spoil(_ tile: inout Tile) {
    let values: [Float] = [.nan, .infinity, -.infinity]
    let region = tile.region
    for row in region.rows {
      tile.withMutableRow(row, columns: region.columns, as: Float.self) { samples in
        for index in samples.indices where (index + 7 * row) % 53 == 0 {
          samples[index] = values[(index / 53 + row) % 3]
        }
      }
    }
  }
}

/// A test picture as the engine reads files.
final class PictureSource: ImageSource {
  let info: ImageInfo
  private let picture: TestPicture

  /// Shows `picture`.
  init(_ picture: TestPicture) {
    self.picture = picture
    var info = ImageInfo(
      format: "test picture", width: picture.region.width, height: picture.region.height,
      channels: picture.channels,
      colour: picture.channels == 3 ? .rgb : picture.channels == 1 ? .grey : .other,
      sampleFormat: picture.format)
    info.isRandomAccess = true
    info.micronsPerPixel = picture.micronsPerPixel.map { ($0, $0) }
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    // A pair may ask for samples that reach beyond the image, as for any other source.
    let region = tile.region.intersection(info.region)
    if !region.isEmpty { tile.copy(region, from: picture.part(region)) }
  }
}
