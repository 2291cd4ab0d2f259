import TesseraPlugin
import TileIO

/// Everything that happens to one window: cut it out, translate its colors, keep what is not to
/// be touched, put the core into the strip.
struct WindowTranslation: Sendable {
  let translator: any TileTranslator
  /// The image that is read.
  let info: ImageInfo
  /// Color channels of the output.
  let outputChannels: Int
  let scale: PixelScale
  let convertsDepth: Bool
  let check: OutputGuard?
  /// Whether the alpha of an image goes into the output.
  let keepsAlpha: Bool
  /// Where the translation counts; nil is everywhere.
  let area: TranslatedArea?
  /// Channels of the window that are those of further inputs.
  let furtherChannels: Int

  /// Copies an image unchanged.
  init(copying info: ImageInfo) {
    translator = CopyTranslator()
    self.info = info
    outputChannels = info.forPairs.channels
    scale = .one
    convertsDepth = false
    check = nil
    keepsAlpha = true
    area = nil
    furtherChannels = 0
  }

  /// Translates with what `pair` made of the image.
  init(
    _ translator: any TileTranslator, of pair: PairDescription, info: ImageInfo,
    area: TranslatedArea?
  ) {
    self.translator = translator
    self.info = info
    outputChannels = pair.outputChannels
    scale = pair.scale
    convertsDepth = pair.convertsDepth
    check = OutputGuard(pair)
    keepsAlpha = pair.output == .picture
    furtherChannels = pair.windowChannels - pair.channels
    self.area = area
  }

  /// Fills `core` of `strip` from `blocks`, the rows that are in memory, top to bottom.
  func run(
    _ window: PixelRegion, core: PixelRegion, blocks: [PixelBlock], strip: PixelBlock
  ) throws(PairError) {
    if let block = blocks.first(where: { $0.region.contains(window) }) {
      try translate(block.lend(window), core: core, strip: strip)
    } else {
      var copy = Tile(region: window, channels: blocks[0].channels, format: blocks[0].format)
      copy.fill(from: blocks, width: info.width, height: info.height)
      try translate(copy, core: core, strip: strip)
    }
  }

  private func translate(
    _ window: borrowing Tile, core: PixelRegion, strip: PixelBlock
  ) throws(PairError) {
    var output = strip.lend(core)
    guard window.format != output.format, !convertsDepth else {
      return try translate(window, into: &output)
    }
    var unconverted = Tile(region: core, channels: output.channels, format: window.format)
    try translate(window, into: &unconverted)
    DepthConversion.convert(unconverted, into: &output)
  }

  private func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    let share = area.map { $0.share(of: core.region) } ?? .all
    guard share != .none || window.format != core.format || furtherChannels > 0 else {
      return core.copy(core.region, from: window)
    }
    if info.hasAlpha, !keepsAlpha {
      try checked(
        ChannelSplit.colors(of: window, own: window.channels - 1 - furtherChannels), into: &core)
    } else if info.hasAlpha {
      let colors = ChannelSplit.colors(of: window, own: window.channels - 1 - furtherChannels)
      var translated = Tile(region: core.region, channels: outputChannels, format: core.format)
      try checked(colors, into: &translated)
      ChannelSplit.join(translated, alphaOf: window, scale: scale, into: &core)
    } else {
      try checked(window, into: &core)
    }
    guard share != .all, let area else { return }
    if furtherChannels > 0 {
      let image = ChannelSplit.image(of: window, without: furtherChannels, hasAlpha: info.hasAlpha)
      restore(area, of: image, in: &core)
    } else {
      restore(area, of: window, in: &core)
    }
  }

  /// Puts what is not translated back, in the format of the core.
  private func restore(
    _ area: TranslatedArea, of image: borrowing Tile, in core: inout Tile
  ) {
    guard image.format != core.format else {
      return area.restore(image, in: &core)
    }
    var kept = Tile(region: image.region, channels: image.channels, format: core.format)
    DepthConversion.convert(image, into: &kept)
    area.restore(kept, in: &core)
  }

  private func checked(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    guard let check else { return try translator.translate(window, into: &core) }
    try check.translate(window, into: &core, by: translator)
  }
}
