import TesseraPlugin

/// Where a translation counts: the foreground of the pair, the regions of the user, or both.
struct TranslatedArea: Sendable {
  let foreground: RegionMask?
  let regions: PolygonRegions?

  /// Nil where neither is given: everywhere.
  init?(foreground: RegionMask?, regions: PolygonRegions?) {
    guard foreground != nil || regions != nil else { return nil }
    self.foreground = foreground
    self.regions = regions
  }

  /// How much of a part of level 0 is translated.
  func share(of region: PixelRegion) -> RegionMask.Share {
    let share = foreground?.share(of: region) ?? .all
    guard share != .none, let regions else { return share }
    guard regions.mayTouch(region) else { return .none }
    let mask = regions.mask(of: region)
    guard mask.contains(true) else { return .none }
    return share == .all && !mask.contains(false) ? .all : .some
  }

  /// Copies the pixels of `core` that are not translated back from `source`.
  func restore(_ source: borrowing Tile, in core: inout Tile) {
    foreground?.restoreBackground(of: source, in: &core)
    guard let regions else { return }
    let region = core.region
    let mask = regions.mask(of: region)
    for (row, y) in region.rows.enumerated() {
      var start = 0
      while start < region.width {
        let isInside = mask[row * region.width + start]
        var end = start + 1
        while end < region.width, mask[row * region.width + end] == isInside { end += 1 }
        if !isInside {
          core.copy(
            PixelRegion(x: region.x + start, y: y, width: end - start, height: 1), from: source)
        }
        start = end
      }
    }
  }
}
