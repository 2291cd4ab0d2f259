import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

/// A resolution is µm/px only where the file means it, and nothing is made up.
struct ResolutionTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func info(_ name: String, _ data: Data) throws -> ImageInfo {
    try data.write(to: URL(filePath: folder.path(name)))
    return try ImageFile.open(folder.path(name)).info
  }

  private func tiff(
    _ tags: [(tag: UInt16, type: UInt16, count: Int, bytes: [UInt8])]
  ) throws -> ImageInfo {
    try info("a.tif", TestTIFF.data(width: 8, height: 6, tags: tags))
  }

  private func png(_ density: UInt32?) throws -> ImageInfo {
    var png = TestPNG(width: 8, height: 6, isPalette: false)
    png.density = density
    return try info("a.png", png.data)
  }

  @Test func `a file without a resolution has none`() throws {
    for found in [try png(nil), try tiff([]), try tiff(TestTIFF.resolution(10_000, unit: 3))] {
      #expect(found.micronsPerPixel == nil && found.printResolution == nil, "\(found.format)")
    }
  }

  @Test(arguments: [72, 96, 150, 300, 600, 1200, 2400, 4800])
  func `dpi of a photograph are no size of tissue`(dpi: Int) throws {
    let found = [
      try png(UInt32((Double(dpi) / 0.0254).rounded())),
      try tiff(TestTIFF.resolution(dpi * 1000, unit: 2)),
      try tiff(TestTIFF.resolution(Int((Double(dpi) / 2.54 * 1000).rounded()), unit: 3)),
    ]
    for info in found {
      #expect(info.micronsPerPixel == nil, "\(info.format)")
      #expect(abs((info.printResolution?.x ?? 0) * 25.4 - Double(dpi)) < 0.1, "\(info.format)")
    }
  }

  @Test(arguments: [0.25, 0.5, 2, 4])
  func `tags as fine as a microscope's are µm`(microns: Double) throws {
    let found = [
      try png(UInt32(1e6 / microns)),
      try tiff(TestTIFF.resolution(Int(1e7 / microns), unit: 3)),
      try tiff(TestTIFF.resolution(Int(25.4e6 / microns), unit: 2)),
    ]
    for info in found {
      #expect(abs((info.micronsPerPixel?.x ?? 0) - microns) < 1e-3, "\(info.format)")
      #expect(info.printResolution == nil)
    }
  }

  @Test func `a number without a unit is no resolution`() throws {
    let found = try tiff(TestTIFF.resolution(40_000_000, unit: 1))
    #expect(found.micronsPerPixel == nil && found.printResolution == nil)
  }

  @Test(arguments: [
    ("ImageJ=1.53t\nunit=micron\n", 0.25), ("ImageJ=1.53t\nunit=um\n", 0.25),
    ("ImageJ=1.53t\nimages=1\nunit=\\u00B5m\nmin=0\n", 0.25), ("ImageJ=1.53t\nunit=nm\n", 0.00025),
    ("ImageJ=1.53t\nunit=mm\n", 250), ("ImageJ=1.53t\nunit=pixel\n", nil), ("ImageJ=1.53t\n", nil),
    ("Aperio Image Library v11\r\n8x6 (8x6) RAW|AppMag = 20|MPP = 0.4990", 0.499),
    ("Aperio Image Library v11\r\n8x6 (8x6) RAW|AppMag = 20", nil),
    ("<OME><Pixels PhysicalSizeX=\"0.3\" PhysicalSizeY=\"0.3\"/></OME>", 0.3),
    (
      "<OME><Pixels PhysicalSizeX=\"300\" PhysicalSizeXUnit=\"nm\" PhysicalSizeY=\"300\" "
        + "PhysicalSizeYUnit=\"nm\"/></OME>", 0.3
    ), ("someone's words", nil),
  ])
  func `the description says what the numbers are of`(text: String, microns: Double?) throws {
    let found = try tiff([TestTIFF.description(text)] + TestTIFF.resolution(4000, unit: 1))
    #expect(found.printResolution == nil)
    if let microns {
      #expect(abs((found.micronsPerPixel?.x ?? 0) / microns - 1) < 1e-6)
    } else {
      #expect(found.micronsPerPixel == nil)
    }
  }

  @Test(.enabled(if: TestImages.vips != nil, "needs the vips program"))
  func `a JPEG file is taken at its word`() throws {
    let ppm = try TestImages.writePPM(folder.path("base.ppm"), width: 64, height: 48)
    try TestImages.runVips(["copy", ppm, folder.path("base.jpg[strip]")])
    let jpeg = Array(try Data(contentsOf: URL(filePath: folder.path("base.jpg"))))
    func found(_ unit: UInt8, _ density: UInt8, exif: [UInt8] = []) throws -> ImageInfo {
      let header: [UInt8] =
        [0xFF, 0xE0, 0, 16] + Array("JFIF\0".utf8) + [1, 1, unit, 0, density, 0, density, 0, 0]
      return try info("a.jpg", Data(jpeg[..<2] + header + exif + jpeg[2...]))
    }
    for (unit, density) in [(0, 1), (0, 72), (1, 1), (2, 1)] as [(UInt8, UInt8)] {
      let info = try found(unit, density)
      #expect(info.micronsPerPixel == nil && info.printResolution == nil, "\(unit) \(density)")
    }
    #expect(abs((try found(1, 72).printResolution?.x ?? 0) * 25.4 - 72) < 1e-9)
    #expect(abs((try found(2, 72).printResolution?.x ?? 0) * 10 - 72) < 1e-9)
    // A camera's EXIF without a resolution, and one of 240 dpi.
    let empty: [UInt8] =
      [0xFF, 0xE1, 0, 34] + Array("Exif\0\0II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0]
      + [0x12, 1, 3, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    #expect(try found(0, 1, exif: empty).printResolution == nil)
    let full: [UInt8] =
      [0xFF, 0xE1, 0, 66] + Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 3]
      + [1, 0x1A, 0, 5, 0, 0, 0, 1, 0, 0, 0, 50, 1, 0x1B, 0, 5, 0, 0, 0, 1, 0, 0, 0, 50]
      + [1, 0x28, 0, 3, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 240, 0, 0, 0, 1]
    #expect(abs((try found(0, 1, exif: full).printResolution?.x ?? 0) * 25.4 - 240) < 1e-9)
  }

  @Test(arguments: ["png", "jpg", "webp", "tif", "ome.tif", "jp2", "ppm", "v"])
  func `a picture without a resolution is written without`(ending: String) throws {
    let image = TestImage(40, 30)
    let path = folder.path("a.\(ending)")
    try image.write(to: path)
    let found = try ImageFile.open(path).info
    #expect(found.micronsPerPixel == nil && found.printResolution == nil)
  }

  @Test(
    .enabled(if: TestImages.vips != nil, "needs the vips program"),
    arguments: ["png", "tif", "ome.tif", "ppm", "v"])
  func `others read the same pixels out of a picture without a resolution`(ending: String) throws {
    let image = TestImage(40, 30)
    let path = folder.path("a.\(ending)")
    try image.write(to: path)
    let vips = try #require(TestImages.vips)
    #expect(try TestImage.samples(of: path, in: folder, vips) == image.bytes)
  }

  @Test(arguments: ["png", "jpg", "webp", "tif", "ome.tif", "v"])
  func `300 dpi stay 300 dpi`(ending: String) throws {
    var image = TestImage(40, 30)
    image.info.printResolution = (300 / 25.4, 150 / 25.4)
    image.info.note = "made up"
    let path = folder.path("a.\(ending)")
    try image.write(to: path)
    let found = try ImageFile.open(path).info
    #expect(found.micronsPerPixel == nil)
    #expect(abs((found.printResolution?.x ?? 0) * 25.4 - 300) < 0.02, "\(found)")
    #expect(abs((found.printResolution?.y ?? 0) * 25.4 - 150) < 0.02)
  }
}
