import TesseraPlugin
import TileIO

/// All windows of an image, and the blocks of rows in which it is read.
struct WindowPlan: Sendable {
  let columns: AxisPlan
  let rows: AxisPlan
  /// Blocks of full rows, top to bottom: how the source is read.
  let blocks: [Range<Int>]
  /// Columns that one thread reads at a time; nil where the source is read in one pass.
  let readColumns: [Range<Int>]?
  private let image: PixelRegion
  private let scale: PixelScale

  /// Plans an image; `tile` is the core the user asked for, nil leaves it to the footprint.
  init(
    _ info: ImageInfo, footprint: Footprint, scale: PixelScale = .one, tile: Int?, offset: Int = 0
  ) {
    image = info.region
    self.scale = scale
    let stored = info.storedTile
    let blockHeight = WindowPlan.blockHeight(stored: stored?.height)
    let core = Self.held(tile ?? footprint.preferredCore, to: footprint, info)
    let minimum = footprint.smallestWindow
    let (halo, alignment) = (footprint.halo, footprint.alignment)
    if tile == nil, offset == 0, halo > 0 {
      columns = AxisPlan(
        balancing: info.width, core: core, halo: halo, alignment: alignment, minimum: minimum)
      rows = AxisPlan(
        balancing: info.height, core: core, halo: halo, alignment: alignment, minimum: minimum)
    } else {
      columns = AxisPlan(
        length: info.width, core: core, halo: halo, alignment: alignment, minimum: minimum,
        offset: offset)
      // Without a halo, cores as high as the blocks need no copy of the rows.
      let isFree = tile == nil && halo == 0 && alignment == 1 && footprint == .pixel
      rows = AxisPlan(
        length: info.height, core: isFree ? blockHeight : core, halo: halo, alignment: alignment,
        minimum: minimum, offset: offset)
    }
    blocks = stride(from: 0, to: info.height, by: blockHeight).map {
      $0..<min($0 + blockHeight, info.height)
    }
    guard info.isRandomAccess else {
      readColumns = nil
      return
    }
    let storedWidth = stored?.width ?? 512
    let readWidth = storedWidth <= 1024 ? storedWidth * max(1, 256 / max(1, storedWidth)) : 512
    readColumns = stride(from: 0, to: info.width, by: readWidth).map {
      $0..<min($0 + readWidth, info.width)
    }
  }

  /// The core, or one whose window is as large as the footprint allows.
  private static func held(_ core: Int, to footprint: Footprint, _ info: ImageInfo) -> Int {
    guard let maximum = footprint.largestWindow else { return core }
    let alignment = footprint.alignment
    let (halo, wanted) = (footprint.aligned(footprint.halo), footprint.aligned(core))
    // The image is continued to a multiple of the alignment.
    let image = [info.width, info.height].map(footprint.aligned)
    let window = max(wanted + 2 * halo, footprint.aligned(footprint.smallestWindow))
    guard min(image[0], window) * min(image[1], window) > maximum else { return core }
    let square = Int(saturating: Double(maximum).squareRoot().rounded(.down))
    // Along an image that is narrow a window may be longer than it is wide.
    let side = max(square, maximum / min(image[0], image[1]))
    return max(alignment, min(wanted, (side - 2 * halo) / alignment * alignment))
  }

  /// About 256 rows, a whole number of stored tiles.
  private static func blockHeight(stored: Int?) -> Int {
    guard let stored, (1...1024).contains(stored) else { return 256 }
    return stored * max(1, 256 / stored)
  }

  /// The window, and the core in coordinates of the output, of one position.
  func window(row: Int, column: Int) -> (window: PixelRegion, core: PixelRegion) {
    let vertical = rows.pieces[row]
    let horizontal = columns.pieces[column]
    return (
      PixelRegion(columns: horizontal.window, rows: vertical.window),
      PixelRegion(columns: output(horizontal.core), rows: output(vertical.core))
    )
  }

  /// The pixels of output that are made of these of the image.
  func output(_ range: Range<Int>) -> Range<Int> {
    scale.output(range.lowerBound)..<scale.output(range.upperBound)
  }

  /// The first row of the image that row `index` of windows and those below it read.
  func firstRow(ofRow index: Int) -> Int {
    // What lies beyond the image mirrors rows in front of its end.
    let beyond = rows.paddedLength - image.height
    return min(rows.pieces[index].window.lowerBound, max(0, image.height - 1 - beyond))
  }
}

extension Footprint {
  /// The next multiple of the alignment.
  func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  /// Why no window is as it says; nil where there are such.
  package var fault: String? {
    guard let maximum = largestWindow else { return nil }
    let side = max(2 * aligned(halo) + alignment, aligned(smallestWindow))
    guard side > maximum / side else { return nil }
    return
      "asks for windows of at most \(maximum) px, in which its own halo, alignment and smallest window"
      + " (\(side) x \(side) px) have no room"
  }
}

extension PixelRegion {
  /// The region that `columns` and `rows` span.
  package init(columns: Range<Int>, rows: Range<Int>) {
    self.init(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }
}
