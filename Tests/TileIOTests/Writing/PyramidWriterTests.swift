import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@Suite struct PyramidWriterTests {
  @Test(arguments: [(1, 1), (255, 1), (1, 700), (257, 257), (513, 300), (1000, 777)])
  func `the bytes of a file do not depend on strips and threads`(width: Int, height: Int) throws {
    let folder = try TemporaryDirectory()
    let image = TestImage(width, height, isFlat: true)
    for compression in [OutputOptions.Compression.jpeg, .deflate] {
      for profile in OutputOptions.Profile.allCases {
        let options = OutputOptions(profile: profile, compression: compression)
        let path = folder.path("a.tif")
        try image.write(to: path, options, rows: 256, threads: 1)
        let expected = try Data(contentsOf: URL(filePath: path))
        for (rows, threads) in [(1, 2), (17, 5), (1000, 2), (256, 5)] {
          try image.write(to: path, options, rows: rows, threads: threads)
          #expect(try Data(contentsOf: URL(filePath: path)) == expected, "\(rows) \(threads)")
        }
      }
    }
    #expect(folder.contents == ["a.tif"])
  }

  @Test(
    .enabled(if: Oracle.vips != nil),
    arguments: [
      TestImage(513, 300), TestImage(1025, 777), TestImage(700, 513, channels: 1),
      TestImage(513, 600, channels: 1, format: .uint16), TestImage(640, 513, format: .uint16),
      TestImage(700, 300, format: .float32), TestImage(530, 300, channels: 5),
    ])
  func `levels are those of a box filter in vips`(image: TestImage) throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    try image.write(
      to: folder.path("own.tif"), OutputOptions(compression: OutputOptions.Compression.none))
    let source = try image.vipsFile(in: folder, vips)
    let made = try vips.run([
      "tiffsave", source, folder.path("vips.tif"), "--tile", "--pyramid", "--tile-width", "256",
      "--tile-height", "256",
    ])
    #expect(made.status == 0, "\(made.errors)")
    var level = 0
    var width = image.info.width
    var height = image.info.height
    while true {
      let own = try TestImage.samples(of: folder.path("own.tif[page=\(level)]"), in: folder, vips)
      let other = try TestImage.samples(
        of: folder.path("vips.tif[page=\(level)]"), in: folder, vips)
      #expect(own.count == width * height * image.info.channels * image.info.sampleFormat.bytes)
      #expect(TestImage.difference(own, other) == nil, "level \(level)")
      guard max(width, height) > 256 else { break }
      (width, height, level) = (width / 2, height / 2, level + 1)
    }
    #expect(level > 0)
  }

  @Test(
    .enabled(if: Oracle.vips != nil),
    arguments: [
      TestImage(1025, 777, channels: 1), TestImage(513, 600, channels: 1, format: .uint16),
      TestImage(700, 300, channels: 1, format: .float32),
      TestImage(515, 301, channels: 2, hasAlpha: true),
    ], [OutputOptions.Profile.generic, .ome])
  func `levels of labels are every second pixel, as vips takes the nearest one`(
    image: TestImage, profile: OutputOptions.Profile
  ) throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    var labels = image
    (labels.info.labelClasses, labels.info.isLossy) = ([], true)
    try labels.write(to: folder.path("own.tif"), OutputOptions(profile: profile))
    let source = try image.vipsFile(in: folder, vips)
    let made = try vips.run([
      "tiffsave", source, folder.path("vips.tif"), "--tile", "--pyramid", "--tile-width", "256",
      "--tile-height", "256", "--region-shrink", "nearest",
    ])
    #expect(made.status == 0, "\(made.errors)")
    for level in 0..<2 {
      let place = profile == .ome && level > 0 ? "subifd=\(level - 1)" : "page=\(level)"
      let own = try TestImage.samples(of: folder.path("own.tif[\(place)]"), in: folder, vips)
      let other = try TestImage.samples(
        of: folder.path("vips.tif[page=\(level)]"), in: folder, vips)
      #expect(TestImage.difference(own, other) == nil, "level \(level)")
    }
  }

  @Test func `nothing stores labels with loss`() throws {
    let folder = try TemporaryDirectory()
    var image = TestImage(300, 280, channels: 1)
    (image.info.labelClasses, image.info.isLossy) = ([], true)
    let fault = ImageOutput.fault(
      path: "a.tif", info: image.info, options: OutputOptions(compression: .jpeg))
    #expect(fault?.reason.contains("JPEG would make classes that do not exist") == true)
    for name in ["a.jpg", "a.jp2"] {
      let fault = ImageOutput.fault(path: name, info: image.info, options: OutputOptions())
      #expect(fault?.reason.contains("would make classes that do not exist: write .png") == true)
    }
    #expect(ImageOutput.fault(path: "a.png", info: image.info, options: OutputOptions()) == nil)
    #expect(folder.contents.isEmpty)
  }

  @Test func `an opaque image shrinks as the same image without alpha`() throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    let plain = TestImage(400, 300)
    var withAlpha = [UInt8]()
    for pixel in 0..<(400 * 300) { withAlpha += plain.bytes[(3 * pixel)..<(3 * pixel + 3)] + [255] }
    let opaque = TestImage(400, 300, bytes: withAlpha)
    let options = OutputOptions(compression: OutputOptions.Compression.none)
    try plain.write(to: folder.path("rgb.tif"), options)
    try opaque.write(to: folder.path("rgba.tif"), options)
    let rgb = try TestImage.samples(of: folder.path("rgb.tif[page=1]"), in: folder, vips)
    let rgba = try TestImage.samples(of: folder.path("rgba.tif[page=1]"), in: folder, vips)
    let colors = rgba.indices.filter { $0 % 4 < 3 }.map { rgba[$0] }
    #expect(TestImage.difference(rgb, colors) == nil)
  }

  @Test func `hidden colors do not bleed into the levels`() throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    var pixels = [UInt8]()
    for y in 0..<300 {
      for x in 0..<300 { pixels += (x + y) % 2 == 0 ? [200, 100, 50, 255] : [0, 255, 0, 0] }
    }
    try TestImage(300, 300, bytes: pixels).write(
      to: folder.path("a.tif"), OutputOptions(compression: .lzw))
    let level = try TestImage.samples(of: folder.path("a.tif[page=1]"), in: folder, vips)
    #expect(Array(level.prefix(4)) == [200, 100, 50, 128])
    #expect(Set(level) == [200, 100, 50, 128])
  }

  @Test(
    .enabled(if: Oracle.vips != nil),
    arguments: [
      TestImage(1, 1), TestImage(255, 257), TestImage(513, 300, channels: 4, hasAlpha: true),
      TestImage(300, 280, channels: 2, hasAlpha: true, format: .uint16),
      TestImage(257, 300, format: .uint16), TestImage(300, 257, channels: 1, format: .float32),
      TestImage(260, 257, channels: 7), TestImage(513, 270, isFlat: true),
    ])
  func `lossless compressions keep every sample`(image: TestImage) throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    for compression in OutputOptions.Compression.allCases where compression != .jpeg {
      for profile in [OutputOptions.Profile.generic, .ome] {
        let path = folder.path("\(compression).tif")
        try image.write(to: path, OutputOptions(profile: profile, compression: compression))
        let read = try TestImage.samples(of: path, in: folder, vips)
        #expect(TestImage.difference(read, image.bytes) == nil)
      }
    }
  }

  @Test func `noise that no codec can shrink survives`() throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    var generator = SystemRandomNumberGenerator()
    let noise = (0..<(600 * 520 * 3)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let image = TestImage(600, 520, bytes: noise, channels: 3)
    for compression in [OutputOptions.Compression.lzw, .deflate, .zstd] {
      let path = folder.path("a.tif")
      try image.write(to: path, OutputOptions(compression: compression, tileSize: 512))
      let read = try TestImage.samples(of: path, in: folder, vips)
      #expect(TestImage.difference(read, noise) == nil)
    }
  }

  @Test(arguments: [(90, 34.0), (75, 30.0), (100, 46.0)])
  func `JPEG stays close to the pixels`(quality: Int, floor: Double) throws {
    let vips = try #require(Oracle.vips)
    let folder = try TemporaryDirectory()
    for image in [TestImage(700, 513, isFlat: true), TestImage(700, 513, channels: 1)] {
      let path = folder.path("a.tif")
      try image.write(to: path, OutputOptions(compression: .jpeg, quality: quality))
      let read = try TestImage.samples(of: path, in: folder, vips)
      #expect(TestImage.ratio(read, image.bytes) > floor)
    }
  }

  @Test func `the default compression follows the input`() throws {
    let tiffinfo = try #require(ExternalTool("tiffinfo"))
    let folder = try TemporaryDirectory()
    var image = TestImage(64, 64)
    try image.write(to: folder.path("a.tif"))
    #expect(try tiffinfo.run([folder.path("a.tif")]).output.contains("AdobeDeflate"))
    image.info.isLossy = true
    try image.write(to: folder.path("a.tif"))
    #expect(try tiffinfo.run([folder.path("a.tif")]).output.contains("Scheme: JPEG"))
  }

  @Test func `what a layout cannot hold is refused before anything is written`() throws {
    let folder = try TemporaryDirectory()
    func reason(_ image: TestImage, _ options: OutputOptions) -> String {
      let fault = ImageOutput.fault(
        path: folder.path("a.tif"), info: image.info, options: options)
      #expect(throws: TesseraError.self) { try image.write(to: folder.path("a.tif"), options) }
      return fault?.description ?? ""
    }
    let jpeg = OutputOptions(compression: .jpeg)
    #expect(reason(TestImage(8, 8, format: .uint16), jpeg).contains("--compression deflate"))
    #expect(reason(TestImage(8, 8, channels: 4, hasAlpha: true), jpeg).contains("alpha"))
    #expect(reason(TestImage(8, 8), OutputOptions(tileSize: 100)).contains("multiple of 16"))
    #expect(reason(TestImage(8, 8), OutputOptions(quality: 0)).contains("1 to 100"))
    #expect(
      reason(TestImage(8, 8, format: .float32), OutputOptions(profile: .aperio))
        .contains("--profile generic"))
    #expect(folder.contents.isEmpty)
  }
}

extension TestImage {
  /// An image of the given 8-bit samples.
  init(_ width: Int, _ height: Int, bytes: [UInt8], channels: Int = 4) {
    info = ImageInfo(
      format: "test", width: width, height: height, channels: channels, hasAlpha: channels == 4,
      color: .rgb, sampleFormat: .uint8)
    self.bytes = bytes
  }
}
