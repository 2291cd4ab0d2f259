import TesseraPlugin

/// A picture that pairs are tried on; the same on every machine.
final class TestPicture: Sendable {
  /// The pixels, in the channels of the pair.
  let tile: Tile
  /// What it shows.
  let pattern: PicturePattern
  private let pair: PairDescription

  /// Paints for `pair`, in its first sample format unless another is given.
  init(
    _ pair: PairDescription, width: Int, height: Int, format: SampleFormat? = nil,
    pattern: PicturePattern = .tissue(seed: 1)
  ) {
    self.pair = pair
    self.pattern = pattern
    let format = format ?? SampleFormat.allCases.first(where: pair.formats.contains) ?? .uint8
    let classes: Int? =
      if case .labels(let colours) = pair.content { colours.isEmpty ? 2 : colours.count } else {
        nil
      }
    var tile = Tile(
      region: PixelRegion(x: 0, y: 0, width: width, height: height), channels: pair.channels,
      format: format)
    let isLabel = classes != nil
    switch format {
    case .uint8:
      Self.paint(&tile, pattern, classes) { UInt8(clamping: isLabel ? $0 : $0 >> 8) }
    case .uint16: Self.paint(&tile, pattern, classes) { UInt16(clamping: $0) }
    case .float32: Self.paint(&tile, pattern, classes) { isLabel ? Float($0) : Float($0) / 65535 }
    }
    if case .notNumbers = pattern, format == .float32 { Self.spoil(&tile) }
    self.tile = tile
  }

  /// Takes pixels that exist.
  init(_ pair: PairDescription, _ tile: consuming Tile) {
    self.pair = pair
    pattern = .tissue(seed: 0)
    self.tile = tile
  }

  /// The picture with all pixels changed that are not in `region`.
  func changed(keeping region: PixelRegion, variant: Int) -> TestPicture {
    TestPicture(
      pair, width: tile.region.width, height: tile.region.height, format: tile.format,
      pattern: .changed(pattern, keeping: region, variant: variant))
  }

  /// The picture as its own overview.
  var overview: Overview {
    Overview(
      image: ImageDescription(
        width: tile.region.width, height: tile.region.height, channels: tile.channels,
        format: tile.format), reduction: 1, pixels: part(tile.region))
  }

  /// A copy of a part.
  func part(_ region: PixelRegion) -> Tile {
    var part = Tile(region: region, channels: tile.channels, format: tile.format)
    part.copy(region, from: tile)
    return part
  }

  private static func paint<S: Sample>(
    _ tile: inout Tile, _ pattern: PicturePattern, _ classes: Int?, _ store: (Int) -> S
  ) {
    let (region, channels) = (tile.region, tile.channels)
    for row in region.rows {
      tile.withMutableRow(row, columns: region.columns, as: S.self) { samples in
        for column in region.columns {
          for channel in 0..<channels {
            samples[column * channels + channel] = store(
              pattern.level(column, row, channel, classes: classes))
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
