import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct JPEGTileSourceTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func make(_ options: String, operation: [String] = ["copy"]) throws -> String {
    let ppm = try TestImages.writePPM(folder.path("base.ppm"), width: 700, height: 530)
    let path = folder.path("j.tif")
    try TestImages.runVips(
      [operation[0], ppm, "\(path)[compression=jpeg,tile,\(options)]"] + operation.dropFirst())
    return path
  }

  @Test(arguments: [
    // libvips codes RGB without conversion from quality 90 on, and YCbCr 4:2:0 below.
    "Q=90,tile-width=256,tile-height=256", "Q=75,tile-width=256,tile-height=256",
    "Q=80,tile-width=128,tile-height=64,bigtiff,pyramid",
  ])
  func `tiles decode to the pixels of vips for every way to cut the image`(options: String) throws {
    let path = try make(options)
    let source = try ImageFile.open(path)
    #expect(source is JPEGTileSource)
    let expected = try TestImages.samples(path, in: folder)
    for rows in [1, 64, 100, 256, 530] {
      #expect(try TestImages.read(source, rows: rows) == expected)
    }
    // Windows that start and end anywhere.
    for region in [
      PixelRegion(x: 3, y: 5, width: 1, height: 1),
      PixelRegion(x: 250, y: 200, width: 300, height: 130),
      PixelRegion(x: 512, y: 512, width: 188, height: 18),
    ] {
      var tile = Tile(region: region, channels: 3, format: .uint8)
      try source.read(into: &tile)
      for row in region.rows {
        tile.withRow(row, columns: region.columns, as: UInt8.self) { samples in
          let start = (row * 700 + region.x) * 3
          #expect(samples.count == region.width * 3)
          for index in 0..<samples.count where samples[index] != expected[start + index] {
            Issue.record("row \(row) of \(region)")
            break
          }
        }
      }
    }
  }

  @Test func `gray tiles are read`() throws {
    let path = try make("Q=85", operation: ["colourspace", "b-w"])
    let source = try ImageFile.open(path)
    #expect(source is JPEGTileSource && source.info.channels == 1)
    #expect(try TestImages.read(source) == TestImages.samples(path, in: folder))
  }

  @Test func `many threads read at once`() throws {
    let path = try make("Q=80,tile-width=64,tile-height=64")
    let source = try ImageFile.open(path)
    let expected = try TestImages.samples(path, in: folder)
    try WorkerPool(count: 5).run(53, throwing: TesseraError.self) { row throws(TesseraError) in
      var tile = Tile(
        region: PixelRegion(x: 0, y: row * 10, width: 700, height: 10), channels: 3, format: .uint8)
      try source.read(into: &tile)
      tile.withRow(row * 10 + 9, columns: 0..<700, as: UInt8.self) { samples in
        let start = (row * 10 + 9) * 2100
        for index in 0..<samples.count where samples[index] != expected[start + index] {
          Issue.record("row \(row)")
          break
        }
      }
    }
  }

  @Test func `a damaged tile is an error that names it`() throws {
    let path = try make("Q=80,tile-width=256,tile-height=256")
    var data = Array(try Data(contentsOf: URL(filePath: path)))
    // The first tile's data follow the header: overwrite its middle.
    for index in 2000..<2400 { data[index] = 0xFF }
    try Data(data).write(to: URL(filePath: path))
    let error = #expect(throws: TesseraError.self) { try TestImages.read(ImageFile.open(path)) }
    #expect(error?.action.contains("tile") == true, "\(error?.description ?? "")")
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `an Aperio slide decodes to the pixels of OpenSlide`() throws {
    let path = SharedData.path("slides/CMU-1-Small-Region.svs")
    let source = try ImageFile.open(path)
    #expect(source is JPEGTileSource)
    #expect(source.info.micronsPerPixel?.x == 0.499 && source.info.objectivePower == 20)
    try TestImages.runVips(["openslideload", path, folder.path("slide.v"), "--rgb"])
    #expect(
      try TestImages.read(source, rows: 240)
        == TestImages.samples(folder.path("slide.v"), in: folder))
  }
}
