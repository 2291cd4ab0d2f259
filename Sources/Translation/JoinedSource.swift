import Base
import TesseraPlugin
import TileIO

/// An image as its pair sees it: the channels of further images behind its own, and in the samples in
/// which the pair is to compute.
///
/// Alpha stays the last channel.
final class JoinedSource: ImageSource {
  /// An image that goes into the windows.
  struct Part: Sendable {
    var source: any ImageSource
    /// What its samples stand for.
    var kind: FurtherInput.Kind
  }

  let info: ImageInfo
  private let image: Part
  private let further: [Part]

  /// Joins images of one size.
  init(_ image: Part, _ further: [Part], format: SampleFormat) {
    self.image = image
    self.further = further
    var info = image.source.info
    info.channels += further.reduce(0) { $0 + $1.kind.channels }
    info.sampleFormat = format
    info.isRandomAccess = info.isRandomAccess && further.allSatisfy(\.source.info.isRandomAccess)
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    let region = tile.region
    try join(into: &tile) { source, _ throws(TesseraError) in
      var part = Tile(
        region: region, channels: source.info.channels, format: source.info.sampleFormat)
      try source.read(into: &part)
      return part
    }
  }

  func reopened() throws(TesseraError) -> any ImageSource {
    guard !info.isRandomAccess else { return self }
    var (image, further) = (image, further)
    image.source = try image.source.reopened()
    for index in further.indices { further[index].source = try further[index].source.reopened() }
    return JoinedSource(image, further, format: info.sampleFormat)
  }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    var overview = Tile(
      region: PixelRegion(
        x: 0, y: 0, width: max(1, info.width / reduction), height: max(1, info.height / reduction)),
      channels: info.channels, format: info.sampleFormat)
    try join(into: &overview) { source, kind throws(TesseraError) in
      // A mean would depend on the numbers that a mask is stored in.
      if kind == .mask { return try LabelSource.overview(of: source.reopened(), reduction) }
      return source.info.hasAlpha
        ? try OpaqueSource.overview(of: source, reduction: reduction)
        : try source.overview(reduction: reduction)
    }
    return overview
  }

  /// Color channels of the image itself.
  var ownColors: Int { image.source.info.channels - (info.hasAlpha ? 1 : 0) }

  private func join(
    into tile: inout Tile, _ read: (any ImageSource, FurtherInput.Kind) throws(TesseraError) -> Tile
  ) throws(TesseraError) {
    let colors = ownColors
    let picture = try read(image.source, image.kind)
    place(picture, from: 0, count: colors, image.kind, into: &tile, at: 0)
    if info.hasAlpha {
      place(
        picture, from: colors, count: 1, .picture(channels: 1), into: &tile,
        at: info.channels - 1)
    }
    var channel = colors
    for part in further {
      let pixels = try read(part.source, part.kind)
      // Masks may be stored in colors, with an alpha that tells nothing.
      let count = part.kind == .mask ? part.source.info.forPairs.channels : part.kind.channels
      place(pixels, from: 0, count: count, part.kind, into: &tile, at: channel)
      channel += part.kind.channels
    }
  }

  /// Copies `count` channels of `source` into those of `target`.
  private func place(
    _ source: borrowing Tile, from first: Int, count: Int, _ kind: FurtherInput.Kind,
    into target: inout Tile, at place: Int
  ) {
    switch target.format {
    case .uint8:
      copy(source, first, count, kind, &target, place, as: UInt8.self) { UInt8(saturating: $0) }
    case .uint16:
      copy(source, first, count, kind, &target, place, as: UInt16.self) { UInt16(saturating: $0) }
    case .float32: copy(source, first, count, kind, &target, place, as: Float.self) { $0 }
    }
  }

  private func copy<S: Sample>(
    _ source: borrowing Tile, _ first: Int, _ count: Int, _ kind: FurtherInput.Kind,
    _ target: inout Tile, _ place: Int, as: S.Type, _ store: (Float) -> S
  ) {
    switch source.format {
    case .uint8: copy(source, first, count, kind, &target, place, UInt8.self, store) { Float($0) }
    case .uint16:
      copy(source, first, count, kind, &target, place, UInt16.self, store) { Float($0) }
    case .float32: copy(source, first, count, kind, &target, place, Float.self, store) { $0 }
    }
  }

  private func copy<S: Sample, T: Sample>(
    _ source: borrowing Tile, _ first: Int, _ count: Int, _ kind: FurtherInput.Kind,
    _ target: inout Tile, _ place: Int, _: S.Type, _ store: (Float) -> T, _ value: (S) -> Float
  ) {
    let (columns, stride, channels) = (source.region.columns, target.channels, source.channels)
    let white = target.format.white
    let scale = kind == .labels ? 1 : white / source.format.white
    for row in source.region.rows {
      source.withRow(row, columns: columns, as: S.self) { input in
        target.withMutableRow(row, columns: columns, as: T.self) { output in
          for pixel in 0..<columns.count {
            guard kind != .mask else {
              // What is no number is not above 0.
              let isSet = (0..<count).contains { value(input[pixel * channels + $0]) > 0 }
              output[pixel * stride + place] = store(isSet ? white : 0)
              continue
            }
            for channel in 0..<count {
              output[pixel * stride + place + channel] = store(
                value(input[pixel * channels + first + channel]) * scale)
            }
          }
        }
      }
    }
  }
}
