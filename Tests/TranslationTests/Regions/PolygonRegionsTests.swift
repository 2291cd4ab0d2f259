import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import Translation

struct PolygonRegionsTests {
  private let region = PixelRegion(x: 0, y: 0, width: 12, height: 10)

  private func rows(_ mask: [Bool], width: Int = 12) -> [String] {
    stride(from: 0, to: mask.count, by: width).map { start in
      mask[start..<(start + width)].map { $0 ? "x" : "." }.joined()
    }
  }

  private func rectangle(_ x: Double, _ y: Double, _ right: Double, _ bottom: Double)
    -> [SIMD2<Double>]
  {
    [SIMD2(x, y), SIMD2(right, y), SIMD2(right, bottom), SIMD2(x, bottom), SIMD2(x, y)]
  }

  @Test func `a pixel is inside if its center is, and holes are outside`() {
    let regions = PolygonRegions([
      .init([rectangle(1, 1, 9, 8), rectangle(3, 3, 6, 6)]), .init([rectangle(10.4, 0, 12, 1.6)]),
    ])
    #expect(
      rows(regions.mask(of: region)) == [
        "..........xx", ".xxxxxxxx.xx", ".xxxxxxxx...", ".xx...xxx...", ".xx...xxx...",
        ".xx...xxx...", ".xxxxxxxx...", ".xxxxxxxx...", "............", "............",
      ])
  }

  @Test func `windows of a mask are cut out of the whole`() {
    let star = (0..<5).map { index -> SIMD2<Double> in
      let angle = Double(2 * index) * 2 * Double.pi / 5
      return SIMD2(6 + 5.7 * sin(angle), 5 - 4.8 * cos(angle))
    }
    let regions = PolygonRegions([.init([star])])
    let whole = regions.mask(of: region)
    #expect(whole.contains(true) && whole.contains(false))
    for (x, y, width, height) in [(0, 0, 5, 5), (4, 2, 8, 8), (11, 9, 1, 1), (3, 0, 6, 10)] {
      let part = regions.mask(of: PixelRegion(x: x, y: y, width: width, height: height))
      let expected = (0..<height).flatMap { row in
        (0..<width).map { whole[(y + row) * 12 + x + $0] }
      }
      #expect(part == expected)
    }
  }

  @Test func `an overview shows where the centers of its pixels lie`() {
    let regions = PolygonRegions([.init([rectangle(8, 8, 33, 24)])])
    let mask = regions.mask(of: PixelRegion(x: 0, y: 0, width: 5, height: 4), step: 8)
    #expect(rows(mask, width: 5) == [".....", ".xxx.", ".xxx.", "....."])
  }

  @Test func `polygons far away touch nothing`() {
    let regions = PolygonRegions([.init([rectangle(100, 100, 120, 130)])])
    #expect(!regions.mayTouch(region) && !regions.mask(of: region).contains(true))
  }

  // MARK: Files

  private func read(_ text: String) throws -> PolygonRegions {
    let folder = try TemporaryDirectory()
    let path = folder.path("regions.geojson")
    try Data(text.utf8).write(to: URL(filePath: path))
    return try GeoJSONFile.polygons(in: path)
  }

  private let square = "[[[1,1],[5,1],[5,5],[1,5],[1,1]]]"

  @Test func `what QuPath exports is read`() throws {
    let feature = """
      {"type":"Feature","id":"a-b","geometry":{"type":"Polygon","coordinates":\(square)},
       "properties":{"objectType":"annotation","classification":{"name":"Tumor","color":[200,0,0]}}}
      """
    let multi = """
      {"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[\(square),\(square)]},
       "properties":null}
      """
    let point =
      "{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\",\"coordinates\":[1,2]},\"properties\":{}}"
    #expect(
      try read("{\"type\":\"FeatureCollection\",\"features\":[\(feature),\(point),\(multi)]}")
        .polygons.count == 3)
    #expect(try read("[\(feature)]").polygons.count == 1)
    #expect(try read(feature).polygons.count == 1)
    #expect(
      try read(
        "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Polygon\",\"coordinates\":\(square)}]}"
      )
      .polygons.count == 1)
  }

  @Test(arguments: [
    "", "{", "[]", "{\"type\":\"FeatureCollection\",\"features\":[]}",
    "{\"type\":\"Point\",\"coordinates\":[1,2]}",
    "{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[2,2]]]}",
    "{\"type\":\"Polygon\",\"coordinates\":[[[1,\"a\"],[2,2],[3,3]]]}",
    "{\"type\":\"Polygon\",\"coordinates\":[]}", "{\"type\":\"Polygon\"}", "\u{1F}\u{8B}",
  ])
  func `files without areas are refused by name`(text: String) throws {
    let error = #expect(throws: TesseraError.self) { try read(text) }
    #expect(error?.description.contains("regions.geojson: reading regions: ") == true)
  }

  // MARK: Translation

  @Test(arguments: [16, 40, 4096])
  func `outside of its regions an image stays as it is`(tile: Int) throws {
    let source = MemorySource(width: 90, height: 70)
    let regions = PolygonRegions([
      .init([rectangle(10, 5, 60, 40), rectangle(20, 15, 30, 25)]),
      .init([[SIMD2(80, 60), SIMD2(95, 62), SIMD2(70, 80)]]),
    ])
    var settings = TranslationSettings(Inversion(), options: try PairOptions(declared: []))
    settings.regions = regions
    settings.tile = tile
    let sink = MemorySink()
    _ = try TranslationEngine(pool: WorkerPool(count: 2)).translate(source, settings) { _ in sink }
    let mask = regions.mask(of: source.info.region)
    for y in 0..<70 {
      for x in 0..<90 {
        let value = source.value(x, y, 1)
        let expected = mask[y * 90 + x] ? 255 - value : value
        #expect(Int(sink.bytes[3 * (y * 90 + x) + 1]) == expected, "\(x) \(y)")
      }
    }
  }
}
