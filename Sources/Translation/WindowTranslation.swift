import TesseraPlugin
import TileIO

/// Everything that happens to one window: cut it out, translate its colours, keep what is not to
/// be touched, put the core into the strip.
struct WindowTranslation: Sendable {
  let translator: any TileTranslator
  let hasAlpha: Bool
  /// Where the translation counts; nil is everywhere.
  let foreground: RegionMask?

  /// Fills `core` of `strip` from `blocks`, the rows that are in memory, top to bottom.
  func run(
    _ window: PixelRegion, core: PixelRegion, blocks: [PixelBlock], strip: PixelBlock
  ) throws(PairError) {
    if let block = blocks.first(where: { $0.region.contains(window) }) {
      try translate(block.lend(window), core: core, strip: strip)
    } else {
      var copy = Tile(region: window, channels: blocks[0].channels, format: blocks[0].format)
      for block in blocks {
        let part = window.intersection(block.region)
        if !part.isEmpty { copy.copy(part, from: block.lend(part)) }
      }
      try translate(copy, core: core, strip: strip)
    }
  }

  private func translate(
    _ window: borrowing Tile, core: PixelRegion, strip: PixelBlock
  ) throws(PairError) {
    var output = strip.lend(core)
    guard window.format != output.format else {
      return try translate(window, into: &output)
    }
    var unconverted = Tile(region: core, channels: window.channels, format: window.format)
    try translate(window, into: &unconverted)
    DepthConversion.convert(unconverted, into: &output)
  }

  private func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    let share = foreground.map { $0.share(of: core.region) } ?? .all
    guard share != .none else { return core.copy(core.region, from: window) }
    if hasAlpha {
      let colours = ChannelSplit.colours(of: window)
      var translated = Tile(
        region: core.region, channels: window.channels - 1, format: window.format)
      try translator.translate(colours, into: &translated)
      ChannelSplit.join(translated, alphaOf: window, into: &core)
    } else {
      try translator.translate(window, into: &core)
    }
    if share == .some, let foreground {
      foreground.restoreBackground(of: window, in: &core)
    }
  }
}
