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

  @Test(.enabled(if: ExternalTool("tiffset") != nil && ExternalTool("vips") != nil))
  func `what was never scanned is white, as OpenSlide and its viewers show it`() throws {
    let side = 512
    let ppm = folder.path("plain.ppm")
    let pixels = [UInt8](repeating: 0, count: 3 * side * side).indices.map {
      [200, 120, 180][$0 % 3] as UInt8
    }
    try Data(Array("P6\n\(side) \(side)\n255\n".utf8) + pixels).write(to: URL(filePath: ppm))
    let path = folder.path("sparse.svs")
    try TestImages.runVips([
      "copy", ppm,
      folder.path("sparse.tif")
        + "[compression=jpeg,Q=95,tile,tile-width=128,tile-height=128]",
    ])
    try FileManager.default.moveItem(atPath: folder.path("sparse.tif"), toPath: path)
    let described = try #require(ExternalTool("tiffset")).run([
      "-s", "270", "Aperio Image Library|AppMag = 20|MPP = 0.5", path,
    ])
    try #require(described.status == 0, "\(described.errors)")
    for index in [0, 1, 4, 5] { try TestTIFF.forgetTile(index, of: path) }
    let source = try ImageFile.open(path)
    try #require(source.info.format == "Aperio slide" && source.info.channels == 3)
    for region in [(0, 0), (130, 120), (300, 300)].map({
      PixelRegion(x: $0.0, y: $0.1, width: 100, height: 100)
    }) {
      var tile = Tile(region: region, channels: 3, format: .uint8)
      try source.read(into: &tile)
      let isScanned = region.x >= 256 || region.y >= 256
      for row in region.rows {
        tile.withRow(row, columns: region.columns, as: UInt8.self) { samples in
          for index in samples.indices {
            let wanted = isScanned ? [200, 120, 180][index % 3] : 255
            guard abs(Int(samples[index]) - wanted) <= 2 else {
              Issue.record("\(samples[index]) instead of \(wanted) in row \(row) of \(region)")
              return
            }
          }
        }
      }
    }
    let overview = try source.overview(reduction: 4)
    overview.withRow(10, columns: 10..<11, as: UInt8.self) { samples in
      #expect((0..<3).allSatisfy { samples[$0] == 255 })
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
