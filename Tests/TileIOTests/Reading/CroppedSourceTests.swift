import Base
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

struct CroppedSourceTests {
  /// A slide that names what was scanned.
  private final class Slide: ImageSource {
    let info: ImageInfo
    private let image = MemorySource(width: 2000, height: 1500)

    init(_ bounds: PixelRegion?) {
      var info = image.info
      info.scannedBounds = bounds
      self.info = info
    }

    func read(into tile: inout Tile) throws(TesseraError) { try image.read(into: &tile) }
    func value(_ x: Int, _ y: Int, _ channel: Int) -> Int { image.value(x, y, channel) }
  }

  @Test func `a slide is cropped to its bounds, on a grid of 256 px`() throws {
    let slide = Slide(PixelRegion(x: 300, y: 600, width: 700, height: 500))
    let cropped = try #require(CroppedSource(slide))
    #expect((cropped.info.width, cropped.info.height) == (768, 768))
    var tile = Tile(
      region: PixelRegion(x: 5, y: 700, width: 90, height: 60), channels: 3, format: .uint8)
    try cropped.read(into: &tile)
    for y in tile.region.rows {
      tile.withRow(y, columns: tile.region.columns, as: UInt8.self) { row in
        for x in tile.region.columns {
          #expect(Int(row[3 * (x - 5) + 1]) == slide.value(x + 256, y + 512, 1))
        }
      }
    }
  }

  @Test(arguments: [1, 2, 8, 256, 512])
  func `its overviews are parts of those of the slide`(reduction: Int) throws {
    let slide = Slide(PixelRegion(x: 300, y: 600, width: 1700, height: 900))
    let overview = try #require(CroppedSource(slide)).overview(reduction: reduction)
    #expect(overview.region.width == max(1, 1744 / reduction))
    #expect(overview.region.height == max(1, 988 / reduction))
    guard reduction <= 256 else { return }
    let whole = try slide.overview(reduction: reduction)
    let (left, top) = (256 / reduction, 512 / reduction)
    for y in overview.region.rows {
      let row = overview.withRow(y, columns: overview.region.columns, as: UInt8.self) { span in
        span.indices.map { span[$0] }
      }
      let expected = whole.withRow(
        y + top, columns: left..<(left + overview.region.width), as: UInt8.self
      ) { span in span.indices.map { span[$0] } }
      #expect(row == expected)
    }
  }

  @Test func `without bounds, or with bounds of all, nothing is cropped`() {
    #expect(CroppedSource(Slide(nil)) == nil)
    #expect(CroppedSource(Slide(PixelRegion(x: 0, y: 0, width: 2000, height: 1500))) == nil)
    #expect(CroppedSource(Slide(PixelRegion(x: 9000, y: 0, width: 20, height: 20))) == nil)
  }
}
