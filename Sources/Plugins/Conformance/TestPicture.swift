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
  /// Larger ones are never painted whole.
  private static let paintedPixels = 1 << 27

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
    channels = pair.windowChannels
    region = PixelRegion(x: 0, y: 0, width: width, height: height)
    classes =
      if case .labels(let colors) = pair.input { colors.isEmpty ? 2 : colors.count } else {
        nil
      }
    let isStored = region.area <= Self.storedPixels
    var tile = Tile(
      region: isStored ? region : PixelRegion(x: 0, y: 0, width: 1, height: 1),
      channels: channels, format: format)
    Self.paint(&tile, of: region, pattern, classes, pair)
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
    var image = ImageDescription(
      width: region.width, height: region.height, channels: channels, format: format,
      micronsPerPixel: micronsPerPixel)
    image.slices = pair.takesVolumes ? 1 : nil
    var overview = Overview(image: image, reduction: 1, pixels: part(region))
    if pair.takesVolumes { overview.samples = [PixelSample(part(region))] }
    return overview
  }

  /// The image as the engine reads files.
  var source: any ImageSource {
    let source = PictureSource(
      self, channels: 0..<pair.channels, slices: pair.takesVolumes ? 1 : nil)
    return region.area > Self.paintedPixels ? FarSource(source) : source
  }

  /// Every `step`th pixel of every `step`th row.
  func thinned(by step: Int) -> TestPicture {
    TestPicture(
      pair, width: max(1, region.width / step), height: max(1, region.height / step),
      format: format, pattern: .thinned(pattern, by: step), micronsPerPixel: micronsPerPixel)
  }

  /// The further images that belong to it.
  var furtherSources: [PictureSource] {
    var channel = pair.channels
    return pair.furtherInputs.filter { $0.kind.channels > 0 }.map { input in
      defer { channel += input.kind.channels }
      return PictureSource(self, channels: channel..<(channel + input.kind.channels))
    }
  }

  /// A copy of a part; what lies beyond the picture is its mirror image.
  func part(_ part: PixelRegion) -> Tile {
    var tile = Tile(region: part, channels: channels, format: format)
    if stored.region == region {
      tile.fillMirrored(from: stored)
    } else {
      Self.paint(&tile, of: region, pattern, classes, pair)
      if case .notNumbers = pattern, format == .float32 { Self.spoil(&tile) }
    }
    return tile
  }

  private static func paint(
    _ tile: inout Tile, of image: PixelRegion, _ pattern: PicturePattern, _ classes: Int?,
    _ pair: PairDescription
  ) {
    let isLabel = classes != nil
    switch tile.format {
    case .uint8:
      paint(&tile, image, pattern, classes) { UInt8(clamping: isLabel ? $0 : $0 >> 8) }
    case .uint16: paint(&tile, image, pattern, classes) { UInt16(clamping: $0) }
    case .float32:
      paint(&tile, image, pattern, classes) { isLabel ? Float($0) : Float($0) / 65535 }
    }
    mark(&tile, pair)
    if case .notNumbers = pattern, tile.format == .float32 { spoil(&tile) }
  }

  /// Makes masks and labels of the channels of further inputs that are none yet.
  private static func mark(_ tile: inout Tile, _ pair: PairDescription) {
    var channel = pair.channels
    for input in pair.furtherInputs {
      let one: Float? =
        switch input.kind {
        case .mask: tile.format.white
        case .labels: 1
        case .picture, .number: nil
        }
      if let one {
        switch tile.format {
        case .uint8: mark(&tile, channel, UInt8(saturating: one))
        case .uint16: mark(&tile, channel, UInt16(saturating: one))
        case .float32: mark(&tile, channel, one)
        }
      }
      channel += input.kind.channels
    }
  }

  private static func mark<S: Sample>(_ tile: inout Tile, _ channel: Int, _ one: S) {
    let (columns, channels) = (tile.region.columns, tile.channels)
    for row in tile.region.rows {
      tile.withMutableRow(row, columns: columns, as: S.self) { samples in
        for pixel in 0..<columns.count {
          let place = pixel * channels + channel
          samples[place] = samples[place].intensity > 0.5 ? one : S(intensity: 0)
        }
      }
    }
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

/// A test picture as the engine reads files: the channels of the image, or those of a further input.
final class PictureSource: ImageSource {
  let info: ImageInfo
  fileprivate let picture: TestPicture
  private let channels: Range<Int>
  private var first: Int { channels.lowerBound }

  /// Shows `channels` of `picture`; `slices` makes it one of a volume.
  init(_ picture: TestPicture, channels: Range<Int>, slices: Int? = nil) {
    self.picture = picture
    self.channels = channels
    var info = ImageInfo(
      format: "test picture", width: picture.region.width, height: picture.region.height,
      channels: channels.count,
      color: channels.count == 3 ? .rgb : channels.count == 1 ? .gray : .other,
      sampleFormat: picture.format)
    info.isRandomAccess = true
    info.slices = slices
    info.micronsPerPixel = picture.micronsPerPixel.map { ($0, $0) }
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    // A pair may ask for samples that reach beyond the image, as for any other source.
    let region = tile.region.intersection(info.region)
    guard !region.isEmpty else { return }
    let part = picture.part(region)
    guard tile.channels != part.channels else { return tile.copy(region, from: part) }
    switch tile.format {
    case .uint8: copy(part, into: &tile, as: UInt8.self)
    case .uint16: copy(part, into: &tile, as: UInt16.self)
    case .float32: copy(part, into: &tile, as: Float.self)
    }
  }

  /// The same of every `step`th pixel of every `step`th row.
  fileprivate func thinned(by step: Int) -> PictureSource {
    PictureSource(picture.thinned(by: step), channels: channels, slices: info.slices)
  }

  private func copy<S: Sample>(_ part: borrowing Tile, into tile: inout Tile, as: S.Type) {
    let (own, all, region) = (tile.channels, part.channels, part.region)
    for row in region.rows {
      part.withRow(row, columns: region.columns, as: S.self) { source in
        tile.withMutableRow(row, columns: region.columns, as: S.self) { target in
          for pixel in 0..<region.width {
            for channel in 0..<own {
              target[pixel * own + channel] = source[pixel * all + first + channel]
            }
          }
        }
      }
    }
  }
}

/// A picture as large as a slide, whose overview is thinned out instead of averaged.
private final class FarSource: ImageSource {
  private let source: PictureSource
  var info: ImageInfo { source.info }

  init(_ source: PictureSource) { self.source = source }

  func read(into tile: inout Tile) throws(TesseraError) { try source.read(into: &tile) }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    let small = source.thinned(by: reduction)
    var tile = Tile(
      region: small.info.region, channels: info.channels, format: info.sampleFormat)
    try small.read(into: &tile)
    return tile
  }
}
