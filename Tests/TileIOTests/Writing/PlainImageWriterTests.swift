import Base
import Foundation
import TestSupport
import Testing
import TileIO

@Suite struct PlainImageWriterTests {
  @Test(
    .enabled(if: Oracle.vips != nil),
    arguments: [
      ("png", TestImage(257, 300)), ("png", TestImage(100, 80, channels: 1)),
      ("png", TestImage(100, 80, channels: 4, hasAlpha: true)),
      ("png", TestImage(100, 80, channels: 2, hasAlpha: true, format: .uint16)),
      ("png", TestImage(300, 257, format: .uint16)), ("png", TestImage(1, 1)),
      ("ppm", TestImage(100, 300)), ("ppm", TestImage(100, 80, format: .uint16)),
      ("pgm", TestImage(100, 80, channels: 1)),
      ("pgm", TestImage(100, 80, channels: 1, format: .uint16)),
      ("pfm", TestImage(100, 80, format: .float32)),
      ("pfm", TestImage(100, 80, channels: 1, format: .float32)),
      ("v", TestImage(100, 300, channels: 7, format: .float32)),
      ("vips", TestImage(300, 257, format: .uint16)), ("v", TestImage(3, 3, format: .float32)),
    ])
  func `formats without loss keep every sample`(ending: String, image: TestImage) throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    let path = folder.path("a.\(ending)")
    for rows in [1, 17, 64, 1000] {
      try image.write(to: path, rows: rows)
      let read = try TestImage.samples(of: path, in: folder, vips)
      #expect(TestImage.difference(read, image.bytes) == nil)
    }
    #expect(folder.contents == ["a.\(ending)"])
  }

  @Test(
    .enabled(if: Oracle.vips != nil),
    arguments: ["jpg", "JPEG", "jp2", "webp", "avif", "heic"])
  func `formats with loss stay close`(ending: String) throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    let image = TestImage(320, 240)
    let path = folder.path("a.\(ending)")
    try image.write(to: path, rows: 50)
    let read = try TestImage.samples(of: path, in: folder, vips)
    #expect(TestImage.ratio(read, image.bytes) > 26)
    #expect(folder.contents == ["a.\(ending)"])
  }

  @Test(.enabled(if: Oracle.vips != nil))
  func `resolution and profile are kept and nothing is made up`() throws {
    let header = try #require(ExternalTool("vipsheader"))
    let folder = try TemporaryDirectory()
    var image = TestImage(64, 64)
    image.info.micronsPerPixel = (0.5, 0.25)
    let profile = "/usr/share/color/icc/ghostscript/srgb.icc"
    if let bytes = FileManager.default.contents(atPath: profile) {
      image.info.iccProfile = [UInt8](bytes)
    }
    try image.write(to: folder.path("a.png"))
    let shown = try header.run(["-a", folder.path("a.png")]).output
    #expect(shown.contains("xres: 2000"))
    #expect(shown.contains("yres: 4000"))
    #expect(shown.contains("icc-profile-data") == (image.info.iccProfile != nil))
  }

  @Test func `quality decides the size`() throws {
    let folder = try TemporaryDirectory()
    let image = TestImage(300, 300)
    for ending in ["jpg", "webp"] {
      var sizes: [Int] = []
      for quality in [30, 60, 95] {
        try image.write(to: folder.path("a.\(ending)"), OutputOptions(quality: quality))
        sizes.append(try Data(contentsOf: URL(filePath: folder.path("a.\(ending)"))).count)
      }
      #expect(sizes == sizes.sorted() && sizes[0] * 2 < sizes[2], "\(ending) \(sizes)")
    }
  }

  @Test(arguments: [
    ("jpg", TestImage(8, 8, format: .uint16), "JPEG cannot store uint16: write .png, .jp2, .ppm"),
    ("jpg", TestImage(8, 8, channels: 4, hasAlpha: true), "JPEG has no alpha: write .png"),
    ("webp", TestImage(8, 8, format: .uint16), "WebP cannot store uint16"),
    ("webp", TestImage(8, 8, channels: 1), "WebP stores 3 colour channels, not 1"),
    ("png", TestImage(8, 8, format: .float32), "PNG cannot store float32: write .pfm, .v, .tif"),
    (
      "png", TestImage(8, 8, channels: 5),
      "PNG stores 1 or 3 colour channels, not 5: write .v, .tif"
    ),
    ("pgm", TestImage(8, 8), "PGM stores 1 colour channels, not 3"),
    ("gif", TestImage(8, 8), "its name does not end in a known format: use .tif"),
    ("", TestImage(8, 8), "its name does not end in a known format"),
  ])
  func `nothing is converted behind the user's back`(
    ending: String, image: TestImage, reason: String
  ) throws {
    let folder = try TemporaryDirectory()
    let path = folder.path(ending.isEmpty ? "a" : "a.\(ending)")
    let error = #expect(throws: TesseraError.self) { try image.write(to: path) }
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    #expect(
      ImageOutput.fault(path: path, info: image.info, options: OutputOptions()) == error)
    #expect(folder.contents.isEmpty)
  }

  @Test func `images too large for a format are refused at once`() throws {
    let folder = try TemporaryDirectory()
    var info = TestImage(1, 1).info
    info.width = 70_000
    info.height = 20_000
    func reason(_ name: String) -> String {
      ImageOutput.fault(path: folder.path(name), info: info, options: OutputOptions())?.reason ?? ""
    }
    #expect(
      reason("a.jpg") == "JPEG has at most 65535 px a side, not 70000 x 20000: write .png, "
        + ".jp2, .ppm, .v, .tif")
    #expect(reason("a.webp").contains("16383"))
    #expect(reason("a.png").isEmpty)
  }
}
