import TesseraPlugin

/// Runs a translator on windows of a lattice that is fixed to the image, whatever cores the engine
/// asks for.
///
/// Fields of statistics are interpolated at every pixel, and the runtime orders these sums by the
/// size of a window and by threads (5e-7 of difference): with fixed windows on one thread each, the
/// bits are fixed.
struct LatticeTranslator: TileTranslator {
  let footprint: Footprint
  private let inner: any TileTranslator
  private let scale: PixelScale
  private let columns: AxisPlan
  private let rows: AxisPlan

  init(_ inner: any TileTranslator, scale: PixelScale, width: Int, height: Int) {
    let own = inner.footprint
    self.inner = inner
    self.scale = scale
    columns = AxisPlan(
      length: width, core: own.preferredCore, halo: own.halo, alignment: own.alignment)
    rows = AxisPlan(
      length: height, core: own.preferredCore, halo: own.halo, alignment: own.alignment)
    // A window of the lattice reaches a core and a halo beyond any pixel in it.
    footprint = Footprint(
      halo: own.preferredCore + own.halo, preferredCore: own.preferredCore,
      alignment: own.alignment)
  }

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    for row in rows.pieces {
      for column in columns.pieces {
        let whole = PixelRegion(columns: output(column.core), rows: output(row.core))
        let part = whole.intersection(core.region)
        if part.isEmpty { continue }
        var input = Tile(
          region: PixelRegion(columns: column.window, rows: row.window),
          channels: window.channels, format: window.format)
        input.fillMirrored(from: window)
        var result = Tile(region: part, channels: core.channels, format: core.format)
        try inner.translate(input, into: &result)
        core.copy(part, from: result)
      }
    }
  }

  private func output(_ range: Range<Int>) -> Range<Int> {
    scale.output(range.lowerBound)..<scale.output(range.upperBound)
  }
}
