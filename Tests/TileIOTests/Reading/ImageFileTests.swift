import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct ImageFileTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// Makes `name` out of a noise-and-waves image with `vips copy`, options in brackets.
  private func make(_ name: String, _ options: String = "", width: Int = 301, height: Int = 233)
    throws -> String
  {
    let ppm = try TestImages.writePPM(folder.path("base.ppm"), width: width, height: height)
    try TestImages.runVips(["copy", ppm, folder.path(name) + options])
    return folder.path(name)
  }

  @Test(arguments: [
    ("a.png", "", "PNG"), ("a.tif", "", "striped TIFF"), ("a.tif", "[bigtiff]", "striped BigTIFF"),
    ("a.tif", "[tile,compression=lzw]", "tiled TIFF"), ("a.jpg", "[Q=95]", "JPEG"),
    ("a.webp", "[lossless]", "WebP"), ("a.jp2", "[lossless]", "JPEG 2000"), ("a.ppm", "", "PNM"),
    ("a.tif", "[tile,pyramid,compression=deflate,bigtiff]", "tiled BigTIFF"),
  ])
  func `every format is read as vips reads it`(
    file: (name: String, options: String, format: String)
  ) throws {
    let path = try make(file.name, file.options)
    let source = try ImageFile.open(path)
    #expect(source.info.format == file.format)
    #expect(source.info.width == 301 && source.info.height == 233 && source.info.channels == 3)
    #expect(try TestImages.read(source) == TestImages.samples(path, in: folder))
  }

  @Test func `the content decides what a file is, not its name`() throws {
    let png = try make("a.png")
    try FileManager.default.moveItem(atPath: png, toPath: folder.path("slide.svs"))
    #expect(try ImageFile.open(folder.path("slide.svs")).info.format == "PNG")
  }

  @Test(arguments: ["a[1].png", "a [page=2]", "ü%20 x.png", "-x.png"])
  func `odd names are names and nothing else`(name: String) throws {
    let png = try make("a.png")
    try FileManager.default.moveItem(atPath: png, toPath: folder.path(name))
    let source = try ImageFile.open(folder.path(name))
    #expect(source.info.format == "PNG")
    #expect(try TestImages.read(source).count == 301 * 233 * 3)
  }

  @Test func `bad files are refused with one line that names them`() throws {
    try Data().write(to: folder.url.appending(path: "empty.tif"))
    try Data("hello".utf8).write(to: folder.url.appending(path: "text.png"))
    try Data("P6\n0 0\n255\n".utf8).write(to: folder.url.appending(path: "zero.ppm"))
    try Data("P6\n# huge\n4000000000 4000000000\n255\nabc".utf8)
      .write(to: folder.url.appending(path: "huge.ppm"))
    try Data("P6\n900000 900000\n255\nabc".utf8)
      .write(to: folder.url.appending(path: "large.ppm"))
    mkfifo(folder.path("pipe.png"), 0o600)
    let expected = [
      "missing.tif": "there is no such file", "": "this is a directory", "empty.tif": "is empty",
      "text.png": "of no image format", "pipe.png": "no regular file",
      "zero.ppm": "claims 0 x 0 px", "huge.ppm": "which no image can have",
      "large.ppm": "over the limit",
    ]
    for (name, reason) in expected {
      let path = folder.path(name)
      let error = #expect(throws: TesseraError.self) { try ImageFile.open(path) }
      #expect(error?.description.hasPrefix("\(path): opening: ") == true)
      #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
      #expect(error?.description.contains("\n") == false)
    }
  }

  @Test(arguments: ["png", "jpg", "tif", "tif[tile,compression=jpeg]", "tif[compression=lzw]"])
  func `a truncated file is an error, not half a picture`(kind: String) throws {
    let parts = kind.split(separator: "[", maxSplits: 1).map(String.init)
    let path = try make(
      "a.\(parts[0])", parts.count > 1 ? "[\(parts[1])" : "", width: 900, height: 900)
    let whole = try Data(contentsOf: URL(filePath: path))
    try whole.prefix(whole.count * 6 / 10).write(to: URL(filePath: path))
    #expect(throws: TesseraError.self) { try TestImages.read(ImageFile.open(path)) }
  }

  @Test func `an image over the limit is refused before a pixel is read`() throws {
    let path = try make("a.png")
    let error = #expect(throws: TesseraError.self) {
      try ImageFile.open(path, limits: .init(pixels: 1000))
    }
    #expect(error?.reason.contains("--max-pixels") == true)
  }

  @Test(arguments: 1...8)
  func `orientation is applied once and reported as it was`(orientation: Int) throws {
    let path = try make("a.png")
    for name in ["o.jpg[Q=100]", "o.tif[tile,compression=lzw]", "o.tif[compression=lzw]"] {
      let target = folder.path(name)
      let file = String(target.prefix { $0 != "[" })
      try TestImages.runVips(["copy", path, target])
      try setOrientation(orientation, file)
      let source = try ImageFile.open(file)
      #expect(source.info.orientation == orientation)
      #expect(source.info.width == (orientation >= 5 ? 233 : 301))
      #expect(
        try TestImages.read(source) == TestImages.samples(file, after: "autorot", in: folder))
    }
  }

  /// Patches the orientation of a TIFF with libtiff's program, of a JPEG by an EXIF segment.
  private func setOrientation(_ orientation: Int, _ file: String) throws {
    if file.hasSuffix(".tif") {
      let tiffset = try #require(ExternalTool("tiffset"))
      #expect(try tiffset.run(["-s", "274", "\(orientation)", file]).status == 0)
      return
    }
    var data = Array(try Data(contentsOf: URL(filePath: file)))
    let exif: [UInt8] =
      Array("Exif".utf8) + [0, 0] + Array("II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0]
      + [0x12, 0x01, 3, 0, 1, 0, 0, 0, UInt8(orientation), 0, 0, 0, 0, 0, 0, 0]
    data.insert(contentsOf: [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif, at: 2)
    try Data(data).write(to: URL(filePath: file))
  }

  @Test func `depth, alpha and color are kept`() throws {
    let path = try make("a.png")
    let cases: [(operation: [String], channels: Int, format: SampleFormat, alpha: Bool)] = [
      (["cast", "ushort"], 3, .uint16, false), (["cast", "float"], 3, .float32, false),
      (["bandjoin_const", "255"], 4, .uint8, true), (["colourspace", "b-w"], 1, .uint8, false),
      (["cast", "short"], 3, .float32, false),
    ]
    for (operation, channels, format, alpha) in cases {
      let output = folder.path("\(operation.joined()).tif")
      try TestImages.runVips([operation[0], path, output] + operation.dropFirst())
      let info = try ImageFile.open(output).info
      #expect(info.channels == channels && info.sampleFormat == format && info.hasAlpha == alpha)
    }
  }

  @Test func `CMYK is delivered as RGB and says so`() throws {
    let path = try make("a.png")
    try TestImages.runVips(["colourspace", path, folder.path("cmyk.jpg"), "cmyk"])
    let source = try ImageFile.open(folder.path("cmyk.jpg"))
    #expect(source.info.channels == 3 && source.info.storedAs == "CMYK")
    #expect(source.info.iccProfile == nil)
    #expect(try TestImages.read(source).count == 301 * 233 * 3)
  }

  @Test func `levels and resolution of a pyramid are reported`() throws {
    for options in ["", ",subifd"] {
      let path = try make(
        "p.tif", "[tile,pyramid,xres=4000,yres=4000,resunit=cm\(options)]", width: 1000, height: 700
      )
      let info = try ImageFile.open(path).info
      #expect(info.levels.map(\.width) == [1000, 500, 250, 125])
      #expect(abs((info.micronsPerPixel?.x ?? 0) - 0.25) < 1e-6)
      #expect(info.storedTile == ImageInfo.Level(width: 128, height: 128))
    }
  }

  @Test func `an overview is the box filter of the image`() throws {
    let path = try make("a.png", width: 640, height: 400)
    let overview = try ImageFile.open(path).overview(reduction: 4)
    try TestImages.runVips(["shrink", path, folder.path("s.v"), "4", "4"])
    let sink = MemorySink()
    try sink.write(overview)
    #expect(try sink.bytes == TestImages.samples(folder.path("s.v"), in: folder))
  }

  @Test func `the overview of sources without levels is the same filter`() throws {
    let source = MemorySource(width: 64, height: 48)
    let overview = try source.overview(reduction: 4)
    overview.withRow(3, columns: 5..<6, as: UInt8.self) { samples in
      var sum = 0
      for y in 12..<16 { for x in 20..<24 { sum += MemorySource.noise(x, y, 1) } }
      #expect(Int(samples[1]) == (sum + 8) / 16)
    }
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `no file of the malformed collection crashes or hangs`() throws {
    let root = URL(filePath: SharedData.path("malformed"))
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    var readable = 0
    var refused = 0
    while let file = files?.nextObject() as? URL {
      guard !file.hasDirectoryPath else { continue }
      do {
        let source = try ImageFile.open(file.path, limits: .init(pixels: 100_000_000))
        _ = try TestImages.read(source)
        readable += 1
      } catch {
        #expect(error is TesseraError, "\(file.path)")
        refused += 1
      }
    }
    #expect(readable > 300 && refused > 100)
  }

  @Test(arguments: [2, 3, 5])
  func `of several gray channels none is taken for transparency that the file does not call so`(
    channels: Int
  ) throws {
    let folder = try TemporaryDirectory()
    let path = folder.path("channels.tif")
    try TestImage(40, 30, channels: channels, format: .float32).write(to: path, rows: 30)
    let info = try ImageFile.open(path).info
    #expect(info.channels == channels)
    #expect(!info.hasAlpha)
  }
}
