import Base
import Foundation
import TesseraPlugin
import TestSupport
import TileIO
import Testing

@testable import Translation

/// What is not translated is not compressed a second time.
@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct TileCopiesTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// A tiled TIFF of 500 x 300 px in JPEG tiles of 128 px.
  private func source(_ options: String) throws -> String {
    let plain = try TestImages.writePPM(folder.path("plain.ppm"), width: 500, height: 300)
    let path = folder.path("source.tif")
    try TestImages.runVips([
      "copy", plain, "\(path)[tile,tile-width=128,tile-height=128,compression=jpeg,\(options)]",
    ])
    return path
  }

  /// Inverts the pixels of x 130...200, y 10...100: of tile 1 alone.
  private func translate(
    _ path: String, to output: String, compression: OutputOptions.Compression? = nil,
    profile: OutputOptions.Profile = .generic
  ) throws {
    var settings = TranslationSettings(Inversion(), options: try PairOptions(declared: []))
    settings.regions = PolygonRegions([
      .init([[SIMD2(130, 10), SIMD2(200, 10), SIMD2(200, 100), SIMD2(130, 100)]])
    ])
    let engine = TranslationEngine(pool: WorkerPool(count: 2))
    _ = try engine.translate(ImageFile.open(path), settings) { info in
      try ImageOutput.open(
        path: output, info: info,
        options: OutputOptions(profile: profile, compression: compression, quality: 80),
        pool: engine.pool)
    }
  }

  private func stream(_ index: Int, of path: String) throws -> Data {
    let place = try #require(try TestTIFF.piece(index, of: path))
    let file = try FileHandle(forReadingFrom: URL(filePath: path))
    defer { try? file.close() }
    try file.seek(toOffset: UInt64(place.offset))
    return try #require(try file.read(upToCount: place.count))
  }

  // YCbCr at half resolution, RGB, and other tables than the writer's own.
  @Test(arguments: ["Q=75", "Q=95", "Q=30"])
  func `JPEG tiles outside of the regions are those of the source`(options: String) throws {
    let (input, output) = (try source(options), folder.path("out.tif"))
    try translate(input, to: output)
    for index in 0..<12 where index != 1 {
      #expect(try stream(index, of: input) == stream(index, of: output), "tile \(index)")
    }
    #expect(try stream(1, of: input) != stream(1, of: output))
    // libvips decodes both alike, and the translated tile is what it was to be.
    let (before, after) = (
      try TestImages.samples(input, in: folder), try TestImages.samples(output, in: folder)
    )
    var (moved, most) = (0, 0)
    for y in 0..<300 {
      for x in 0..<500 {
        for channel in 0..<3 {
          let place = 3 * (500 * y + x) + channel
          let (a, b) = (Int(before[place]), Int(after[place]))
          if x / 128 == 1, y / 128 == 0 {
            if (138..<192).contains(x), (18..<92).contains(y) {
              most = max(most, abs(255 - a - b))
            }
          } else if a != b {
            moved += 1
          }
        }
      }
    }
    #expect(moved == 0 && most < 60, "\(moved) samples moved; up to \(most) levels inside")
  }

  @Test func `other compressions keep the pixels`() throws {
    let (input, output) = (try source("Q=80"), folder.path("out.tif"))
    try translate(input, to: output, compression: .deflate)
    let (before, after) = (
      try TestImages.samples(input, in: folder), try TestImages.samples(output, in: folder)
    )
    for y in stride(from: 0, to: 300, by: 3) {
      for x in 0..<500 {
        let isInside = (130..<200).contains(x) && (10..<100).contains(y)
        let place = 3 * (500 * y + x)
        #expect(Int(after[place]) == (isInside ? 255 - Int(before[place]) : Int(before[place])))
      }
    }
  }
}
