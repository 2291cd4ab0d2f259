import TesseraPlugin
import TileIO

extension RegionMask {
  /// Why it is no mask of the whole of `image`; nil where it is one.
  func fault(on image: ImageInfo) -> String? {
    func fits(_ count: Int, _ side: Int) -> Bool {
      count >= max(1, side / reduction) && count <= (side - 1) / reduction + 1
    }
    guard reduction < 1 || !fits(width, image.width) || !fits(height, image.height) else {
      return nil
    }
    return
      "tells a foreground of \(width) x \(height) at 1/\(reduction), which is not that of an image of"
      + " \(image.width) x \(image.height)"
  }

  enum Share {
    case none
    case some
    case all
  }

  /// How much of a level-0 region is foreground.
  func share(of region: PixelRegion) -> Share {
    let columns = cells(region.columns, limit: width)
    var found = 0
    let rows = cells(region.rows, limit: height)
    for row in rows {
      for column in columns where isForeground[row * width + column] { found += 1 }
    }
    return found == 0 ? .none : found == rows.count * columns.count ? .all : .some
  }

  /// Copies the pixels of `core` that are background back from `source`.
  func restoreBackground(of source: borrowing Tile, in core: inout Tile) {
    let region = core.region
    for row in region.rows {
      // Runs of equal cells: one copy each.
      var start = region.x
      while start < region.x + region.width {
        let isKept = !covers(x: start, y: row)
        var end = start
        while end < region.x + region.width, covers(x: end, y: row) != isKept {
          let cell = end / reduction
          end = cell >= width - 1 ? region.x + region.width : (cell + 1) * reduction
        }
        end = min(end, region.x + region.width)
        if isKept {
          core.copy(PixelRegion(x: start, y: row, width: end - start, height: 1), from: source)
        }
        start = end
      }
    }
  }

  private func cells(_ range: Range<Int>, limit: Int) -> ClosedRange<Int> {
    min(
      range.lowerBound / reduction, limit - 1)...min((range.upperBound - 1) / reduction, limit - 1)
  }
}
