import TesseraPlugin

/// The translator of an image that is passed through as it is.
struct CopyTranslator: TileTranslator {
  let footprint = Footprint.pixel

  func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
    core.copy(core.region, from: window)
  }
}
