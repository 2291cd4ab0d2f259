import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

/// Damage over which decoders go on, and oddities that are none.
@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct DamageTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// A picture of 512 x 384 px as `vips copy` saves it.
  private func make(_ name: String, _ options: String = "") throws -> [UInt8] {
    let ppm = try TestImages.writePPM(folder.path("base.ppm"), width: 512, height: 384)
    try TestImages.runVips(["copy", ppm, folder.path(name) + options])
    return Array(try Data(contentsOf: URL(filePath: folder.path(name))))
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    try Data(bytes).write(to: URL(filePath: folder.path(name)))
    return folder.path(name)
  }

  /// The error that reading a file and its overview must both end in.
  private func failure(_ path: String, reduction: Int = 4) throws -> TesseraError? {
    let overview = #expect(throws: TesseraError.self, "overview of \(path)") {
      _ = try ImageFile.open(path).overview(reduction: reduction)
    }
    let reading = #expect(throws: TesseraError.self, "reading \(path)") {
      _ = try TestImages.read(try ImageFile.open(path))
    }
    #expect(overview?.path == path && reading?.path == path)
    return reading
  }

  /// Where the codes of a stream begin: behind the header of its first scan.
  private func scan(_ jpeg: [UInt8]) throws -> Int {
    let marker = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xDA })
    return marker + 2 + Int(jpeg[marker + 2]) << 8 + Int(jpeg[marker + 3])
  }

  private static let jpegs = [
    "[Q=85]", "[Q=95,optimize_coding]", "[Q=80,interlace]", "[Q=85,restart_interval=9]",
    "[Q=90,subsample_mode=off]",
  ]

  @Test(arguments: jpegs)
  func `a JPEG file that was cut, with an end marker set behind, is refused with the row`(
    options: String
  ) throws {
    let jpeg = try make("a.jpg", options)
    let start = try scan(jpeg)
    for part in [2, 5, 9] {
      let end = start + (jpeg.count - start) * part / 10
      let error = try failure(try write("cut.jpg", jpeg[..<end] + [0xFF, 0xD9]))
      #expect(
        error?.reason.contains("of 384") == true || error?.reason.contains("scans") == true,
        "\(error?.description ?? "")")
    }
  }

  /// Progressive scans hold long stretches of zeros where nothing happens.
  @Test(arguments: [60, 75, 90, 100])
  func `a progressive JPEG file of even areas is sound`(quality: Int) throws {
    var bytes = Array("P6\n1280 800\n255\n".utf8)
    for y in 0..<800 {
      for x in 0..<1280 {
        for channel in 0..<3 {
          let isBusy = x < 400 && y < 260
          bytes.append(isBusy ? UInt8(MemorySource.noise(x, y, channel) & 255) : 255)
        }
      }
    }
    let ppm = try write("even.ppm", bytes)
    for (name, options) in [("a.jpg", "interlace"), ("b.jpg", "interlace,subsample_mode=off")] {
      try TestImages.runVips(["copy", ppm, folder.path(name) + "[Q=\(quality),\(options)]"])
      let source = try ImageFile.open(folder.path(name))
      #expect(throws: Never.self) { try ImageFile.check(source) }
    }
  }

  @Test(arguments: jpegs)
  func `a JPEG file with a lost sector is refused`(options: String) throws {
    let jpeg = try make("a.jpg", options)
    let start = try scan(jpeg)
    for part in [1, 4, 8] {
      var bytes = jpeg
      let place = start + (jpeg.count - start) * part / 10
      bytes.replaceSubrange(place..<(place + 512), with: repeatElement(0, count: 512))
      let error = try failure(try write("lost.jpg", bytes))
      #expect(error?.reason.contains("copy it again") == true)
    }
  }

  @Test(arguments: jpegs)
  func `a JPEG file with changed bytes is refused`(options: String) throws {
    let jpeg = try make("a.jpg", options)
    let start = try scan(jpeg)
    var bytes = jpeg
    for index in 0..<40 {
      let noise = MemorySource.noise(index, 7, 1) * 256 + MemorySource.noise(index, 9, 2)
      let place = start + noise % (jpeg.count - start - 2)
      bytes[place] ^= UInt8(1 + MemorySource.noise(index, 3, 0) % 255)
    }
    _ = try failure(try write("changed.jpg", bytes))
  }

  @Test func `a progressive JPEG without its last scans is refused`() throws {
    let jpeg = try make("a.jpg", "[Q=80,interlace]")
    let scans = jpeg.indices.dropLast().filter { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xDA }
    #expect(scans.count > 3)
    // A scan's own tables come in front of it.
    let tables = jpeg.indices.dropLast().filter { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC4 }
    let last = try #require(tables.last { $0 < scans[scans.count - 1] })
    let error = try failure(try write("short.jpg", jpeg[..<last] + [0xFF, 0xD9]))
    #expect(error?.reason.contains("scans are missing") == true)
  }

  @Test func `what is odd about a JPEG file, but no damage, is read as ever`() throws {
    let jpeg = try make("a.jpg", "[Q=85]")
    let expected = try TestImages.read(try ImageFile.open(folder.path("a.jpg")))
    let start = try scan(jpeg)
    let header = try #require(
      jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xDA })
    let end = jpeg.count - 2
    let adobe: [UInt8] = [0xFF, 0xEE, 0, 14] + Array("Adobe".utf8) + [0, 100, 0, 0, 0, 0, 7]
    var version = jpeg
    version[11] = 9
    var parameters = jpeg
    parameters[start - 2] = 0
    let odd: [(String, [UInt8])] = [
      ("a picture behind its end", jpeg + jpeg),
      ("zeros behind its end", jpeg + [UInt8](repeating: 0, count: 4096)),
      (
        "zeros in front of its end", jpeg[..<end] + [UInt8](repeating: 0, count: 900) + jpeg[end...]
      ),
      ("one zero in front of its end", jpeg[..<end] + [0] + jpeg[end...]),
      ("filling in front of its end", jpeg[..<end] + [0xFF, 0xFF, 0xFF] + jpeg[end...]),
      ("bytes between its segments", jpeg[..<header] + Array("left".utf8) + jpeg[header...]),
      ("a colour transform that nobody knows", jpeg[..<2] + adobe + jpeg[2...]),
      ("a later version of JFIF", version), ("odd parameters of its scan", parameters),
    ]
    for (name, bytes) in odd {
      let source = try ImageFile.open(try write("odd.jpg", Array(bytes)))
      #expect(try TestImages.read(source) == expected, "\(name)")
      #expect(throws: Never.self, "\(name)") { try ImageFile.check(source) }
    }
  }

  @Test func `a turned picture is proved sound, too`() throws {
    let jpeg = try make("a.jpg", "[Q=85,strip]")
    let turned: [UInt8] =
      [0xFF, 0xE1, 0, 34] + Array("Exif\0\0II".utf8) + [42, 0, 8, 0, 0, 0, 1, 0]
      + [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
    let sound = try write("turned.jpg", jpeg[..<2] + turned + jpeg[2...])
    #expect(try ImageFile.open(sound).info.width == 384)
    _ = try TestImages.read(try ImageFile.open(sound))
    let end = jpeg.count * 2 / 3
    _ = try failure(try write("cut.jpg", jpeg[..<2] + turned + jpeg[2..<end] + [0xFF, 0xD9]))
  }

  @Test(arguments: [
    ("jpeg,Q=85", "rows 128 to 191"), ("jpeg,Q=85,tile,tile_width=128,tile_height=64", "tile 1, 2"),
    ("jpeg,Q=85,tile,tile_width=128,tile_height=64,pyramid", "tile 1, 2"),
    ("deflate", "rows 128 to 191"), ("deflate,predictor=horizontal", "rows 128 to 191"),
    ("deflate,tile,tile_width=128,tile_height=64", "tile 1, 2"),
    ("lzw,predictor=none", "rows 128 to 191"),
    ("lzw,tile,tile_width=128,tile_height=64", "tile 1, 2"),
  ])
  func `a damaged strip or tile of a TIFF is refused by name`(
    file: (options: String, place: String)
  ) throws {
    _ = try make("a.tif", "[compression=\(file.options),tile_height=64]")
    let path = folder.path("a.tif")
    let expected = try TestImages.samples(path, in: folder)
    #expect(try TestImages.read(try ImageFile.open(path)) == expected)
    let piece = try TestTIFF.piece(file.place.hasPrefix("rows") ? 2 : 9, of: path)
    let (offset, count) = try #require(piece)
    var bytes = Array(try Data(contentsOf: URL(filePath: path)))
    for index in 0..<24 { bytes[offset + count / 2 + index] ^= UInt8(1 + index * 9) }
    // Smaller levels are sound.
    let reduction = file.options.hasSuffix("pyramid") ? 1 : 4
    let error = try failure(try write("b.tif", bytes), reduction: reduction)
    #expect(error?.action.contains(file.place) == true, "\(error?.description ?? "")")
  }

  @Test func `a lost sector in any tile of a slide is refused`() throws {
    _ = try make("a.tif", "[compression=jpeg,Q=85,tile,tile_width=256,tile_height=256]")
    let path = folder.path("a.tif")
    let bytes = Array(try Data(contentsOf: URL(filePath: path)))
    for index in 0..<4 {
      let piece = try TestTIFF.piece(index, of: path)
      let (offset, count) = try #require(piece)
      for part in 2..<9 {
        var lost = bytes
        let place = offset + count * part / 10
        lost.replaceSubrange(place..<(place + 300), with: repeatElement(0, count: 300))
        let error = #expect(throws: TesseraError.self, "tile \(index), \(part)") {
          _ = try TestImages.read(try ImageFile.open(try write("lost.tif", lost)))
        }
        #expect(error?.action == "decoding tile \(index % 2), \(index / 2)")
      }
    }
  }
}
