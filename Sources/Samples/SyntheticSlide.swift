import Base
public import TesseraPlugin
public import TileIO

/// A made-up H&E section on glass at 40x (0.25 µm/px), computed where it is looked at.
///
/// A pixel is a function of the size, the seed, the tissue share, the look and its place alone: any
/// window, from any thread, shows the same bytes. Two slides that differ only in their look show
/// the same section, which is what a perfect stain normalization of one to the other would give,
/// but for the sharpness of edges. Memory does not depend on the size.
public final class SyntheticSlide: ImageSource {
  /// What the slide says about itself: RGB of 8 bits, 0.25 µm/px, 40x, random access.
  public let info: ImageInfo
  /// How the section is stained and scanned.
  public let look: ScannerLook

  private let section: Section

  /// Lays out a slide of `width` x `height` px.
  ///
  /// `tissueShare` is the part of the area inside the outlines of the section, 0...1; cells have
  /// their size in µm, the islands of tissue grow with the slide. Tissue costs about ten times
  /// as much as glass, so that a slide of 100,000 x 100,000 px is best made with 0.02.
  public init(
    width: Int, height: Int, seed: UInt64, look: ScannerLook, tissueShare: Double = 0.4
  ) {
    precondition(width > 0 && height > 0, "a slide of \(width) x \(height)")
    precondition((0...1).contains(tissueShare), "a tissue share of \(tissueShare)")
    var info = ImageInfo(
      format: "synthetic slide", width: width, height: height, channels: 3, color: .rgb,
      sampleFormat: .uint8)
    info.micronsPerPixel = (0.25, 0.25)
    info.objectivePower = 40
    info.isLossy = true
    info.isRandomAccess = true
    self.info = info
    self.look = look
    section = Section(width: width, height: height, seed: seed, share: tissueShare)
  }

  /// Computes the pixels of the tile's region.
  public func read(into tile: inout Tile) throws(TesseraError) {
    precondition(tile.channels == 3 && tile.format == .uint8, "a slide is 3 x uint8")
    let region = tile.region
    visit(region) { painter, content, y, columns, x in
      tile.withMutableRow(y, columns: columns, as: UInt8.self) { span in
        let renderer = BeerLambert(look)
        if content == .tissue {
          renderer.render(&span, painter.rows, from: x)
        } else {
          renderer.renderGlass(&span, painter.rows, from: x)
        }
      }
    }
  }

  /// Computes the densities of hematoxylin and eosin that ``read(into:)`` shows, before the
  /// strengths of the look: two channels of `float32`.
  public func readDensities(into tile: inout Tile) {
    precondition(tile.channels == 2 && tile.format == .float32, "densities are 2 x float32")
    visit(tile.region) { painter, content, y, columns, x in
      tile.withMutableRow(y, columns: columns, as: Float.self) { span in
        for index in 0..<columns.count {
          let isTissue = content == .tissue
          span[2 * index] = isTissue ? painter.rows.hematoxylin[x + index] : 0
          span[2 * index + 1] = isTissue ? painter.rows.eosin[x + index] : 0
        }
      }
    }
  }

  /// Visits each row of each block that meets `region`; `body` gets the painter, what the block
  /// shows, the row, the columns within the region and the first of them within the block.
  private func visit(
    _ region: PixelRegion,
    _ body: (borrowing SectionPainter, SectionPainter.Content, Int, Range<Int>, Int) -> Void
  ) {
    precondition(info.region.contains(region), "\(region) of a slide \(info.region)")
    let side = SectionRows.side
    var painter = SectionPainter(section: section, softness: look.softness)
    for top in stride(from: region.y / side * side, to: region.rows.upperBound, by: side) {
      let rows = region.rows.clamped(to: top..<top + side)
      for left in stride(from: region.x / side * side, to: region.columns.upperBound, by: side) {
        let columns = region.columns.clamped(to: left..<left + side)
        let content = painter.begin(x: left, y: top)
        for y in rows {
          if content == .tissue { painter.paint(y - top) } else { painter.paintGlass(y - top) }
          body(painter, content, y, columns, columns.lowerBound - left)
        }
      }
    }
  }
}
