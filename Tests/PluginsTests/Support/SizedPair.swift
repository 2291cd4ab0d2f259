import TesseraPlugin

/// A copy that goes wrong in windows whose sides have less than 150 px, as a runtime that has other
/// kernels for short rows.
struct SizedPair: DomainPair {
  /// Whether it says from which size on it is right.
  let isHonest: Bool

  private struct Plain: TileTranslator {
    var footprint: Footprint { Footprint(halo: 3, preferredCore: 64) }

    func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
      let isShort = min(window.region.width, window.region.height) < 150
      core.copy(core.region, from: window)
      guard isShort else { return }
      core.withMutableRow(core.region.y, columns: core.region.columns, as: UInt8.self) { row in
        row[0] = row[0] ^ 1
      }
    }
  }

  private struct Sized: TileTranslator {
    let footprint = Footprint(halo: 3, preferredCore: 64, smallestWindow: 150)

    func translate(_ window: borrowing Tile, into core: inout Tile) throws(PairError) {
      try Plain().translate(window, into: &core)
    }
  }

  var description: PairDescription {
    var description = PairDescription(
      id: "sized", title: "Sized", sourceDomain: "one", targetDomain: "another", version: "1",
      license: "MIT", summary: "For tests.", channels: 3)
    description.formats = [.uint8]
    return description
  }

  func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    Calibration(.translate(isHonest ? Sized() : Plain()))
  }
}
