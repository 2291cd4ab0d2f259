import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

/// Channels that a TIFF keeps apart: in planes of one page, or in pages of their own.
struct PlanesTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// A level that tells channel, column and row.
  private static func level(_ channel: Int, _ x: Int, _ y: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: 60 * channel + x + 3 * y)
  }

  /// A page of tiles of 16 px without compression, or of one strip.
  private struct Page {
    var width = 40
    var height = 25
    var channels: [Int]
    var isTiled = true
    var bits = 8
    var photometric = 1
    var description: String?
    var extra: Int?

    /// What is stored, channel by channel, tile by tile.
    var pieces: [[UInt8]] {
      let side = isTiled ? 16 : max(width, height)
      let (across, down) = isTiled ? ((width + 15) / 16, (height + 15) / 16) : (1, 1)
      return channels.flatMap { channel in
        (0..<(across * down)).map { index in
          let rows = isTiled ? 16 : height
          let columns = isTiled ? 16 : width
          return (0..<(rows * columns)).flatMap { place -> [UInt8] in
            let x = index % across * side + place % columns
            let y = index / across * side + place / columns
            let value = PlanesTests.level(channel, x, y)
            return bits == 16 ? [7, value] : [value]
          }
        }
      }
    }
  }

  private func write(_ name: String, _ pages: [Page]) throws -> String {
    func little(_ number: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var bytes: [UInt8] = Array("II".utf8) + [42, 0] + [0, 0, 0, 0]
    var link = 4
    for page in pages {
      let pieces = page.pieces
      let offsets = pieces.map { piece in
        defer { bytes += piece }
        return bytes.count
      }
      if bytes.count % 2 == 1 { bytes.append(0) }
      func shorts(_ tag: Int, _ values: [Int]) -> (Int, Int, Int, [UInt8]) {
        (tag, 3, values.count, values.flatMap { little($0, 2) })
      }
      func longs(_ tag: Int, _ values: [Int]) -> (Int, Int, Int, [UInt8]) {
        (tag, 4, values.count, values.flatMap { little($0, 4) })
      }
      let count = page.channels.count
      var entries = [
        longs(256, [page.width]), longs(257, [page.height]),
        shorts(258, Array(repeating: page.bits, count: count)), shorts(259, [1]),
        shorts(262, [page.photometric]), shorts(277, [count]), shorts(284, [count > 1 ? 2 : 1]),
      ]
      let counts = pieces.map(\.count)
      entries +=
        page.isTiled
        ? [longs(322, [16]), longs(323, [16]), longs(324, offsets), longs(325, counts)]
        : [longs(273, offsets), longs(278, [page.height]), longs(279, counts)]
      if let extra = page.extra { entries.append(shorts(338, [extra])) }
      if let text = page.description {
        entries.append((270, 2, text.utf8.count + 1, Array(text.utf8) + [0]))
      }
      entries.sort { $0.0 < $1.0 }
      let start = bytes.count
      bytes.replaceSubrange(link..<(link + 4), with: little(start, 4))
      var behind = start + 2 + 12 * entries.count + 4
      var values: [UInt8] = []
      bytes += little(entries.count, 2)
      for (tag, type, count, content) in entries {
        bytes += little(tag, 2) + little(type, 2) + little(count, 4)
        if content.count <= 4 {
          bytes += content + [UInt8](repeating: 0, count: 4 - content.count)
        } else {
          bytes += little(behind, 4)
          values += content
          behind += content.count
        }
      }
      link = bytes.count
      bytes += little(0, 4) + values
      if bytes.count % 2 == 1 { bytes.append(0) }
    }
    try Data(bytes).write(to: folder.url.appending(path: name))
    return folder.path(name)
  }

  /// Reads a window and says where a channel is not what was written.
  private func check(
    _ source: any ImageSource, _ channels: [Int], window: PixelRegion? = nil
  ) throws {
    let info = source.info
    #expect(info.channels == channels.count)
    var tile = Tile(
      region: window ?? info.region, channels: info.channels, format: info.sampleFormat)
    try source.read(into: &tile)
    for y in tile.region.rows {
      let row: [Int] =
        info.sampleFormat == .uint16
        ? tile.withRow(y, columns: tile.region.columns, as: UInt16.self) { span in
          span.indices.map { Int(span[$0] >> 8) }
        }
        : tile.withRow(y, columns: tile.region.columns, as: UInt8.self) { span in
          span.indices.map { Int(span[$0]) }
        }
      let expected = tile.region.columns.flatMap { x in
        channels.map { Int(Self.level($0, x, y)) }
      }
      #expect(row == expected, "row \(y)")
    }
  }

  @Test(arguments: [8, 16])
  func `planes in tiles of their own are read as one picture`(bits: Int) throws {
    let path = try write("planes.tif", [Page(channels: [0, 1, 2], bits: bits, photometric: 2)])
    let source = try ImageFile.open(path)
    #expect(source.info.color == .rgb && !source.info.hasAlpha && source.info.isRandomAccess)
    #expect(source.info.sampleFormat == (bits == 8 ? .uint8 : .uint16))
    try check(source, [0, 1, 2])
    try check(source, [0, 1, 2], window: PixelRegion(x: 13, y: 9, width: 20, height: 11))
    let overview = try source.overview(reduction: 4)
    #expect((overview.region.width, overview.region.height) == (10, 6))
    if bits == 8 {
      let mean = (0..<16).map { Double(Self.level(2, $0 % 4, $0 / 4)) }.reduce(0, +) / 16
      let found = overview.withRow(0, columns: 0..<1, as: UInt8.self) { $0[2] }
      #expect(abs(Double(found) - mean) <= 0.5)
    }
  }

  @Test func `the last of four planes is alpha where the file says so`() throws {
    let path = try write(
      "alpha.tif", [Page(channels: [0, 1, 2, 3], photometric: 2, extra: 2)])
    let info = try ImageFile.open(path).info
    #expect(info.hasAlpha && info.color == .rgb && info.channels == 4)
    let other = try write("data.tif", [Page(channels: [0, 1, 2, 3], photometric: 1)])
    #expect(try ImageFile.open(other).info.color == .other)
  }

  @Test func `smaller planes serve the overview`() throws {
    let small = Page(width: 20, height: 12, channels: [1, 1, 1], photometric: 2)
    let path = try write(
      "pyramid.tif", [Page(channels: [0, 1, 2], photometric: 2), small])
    let source = try ImageFile.open(path)
    #expect(source.info.levels.map(\.width) == [40, 20] && source.info.pages == 1)
    // The smaller level holds other values, to be told by.
    let row = try source.overview(reduction: 2).withRow(3, columns: 5..<6, as: UInt8.self) {
      [$0[0], $0[1], $0[2]]
    }
    #expect(row == [UInt8](repeating: Self.level(1, 5, 3), count: 3))
  }

  @Test func `planes of a kind that cannot be read are refused with the reason`() throws {
    let path = try write("odd.tif", [Page(channels: [0, 1, 2], bits: 8, photometric: 2)])
    var bytes = try Data(contentsOf: URL(filePath: path))
    // Tag 258 has its values behind the directory: 8, 8, 8 become 12.
    let place = try #require(bytes.range(of: Data([2, 1, 3, 0, 3, 0, 0, 0])))
    let offset = (0..<4).reduce(0) { $0 + Int(bytes[place.upperBound + $1]) << (8 * $1) }
    for index in 0..<3 { bytes[offset + 2 * index] = 12 }
    try bytes.write(to: URL(filePath: path))
    let error = #expect(throws: TesseraError.self) { try ImageFile.open(path) }
    #expect(error?.description.contains("8 or 16 bits") == true, "\(error as Any)")
  }

  @Test func `planes that end early are damage`() throws {
    let path = try write("cut.tif", [Page(channels: [0, 1, 2], photometric: 2)])
    var bytes = try Data(contentsOf: URL(filePath: path))
    // The place of the last tile of the last plane, far behind the end.
    let place = try #require(bytes.range(of: Data([0x44, 1, 4, 0, 18, 0, 0, 0])))
    let offset = (0..<4).reduce(0) { $0 + Int(bytes[place.upperBound + $1]) << (8 * $1) }
    for index in 0..<4 { bytes[offset + 4 * 17 + index] = 0x7F }
    try bytes.write(to: URL(filePath: path))
    let source = try ImageFile.open(path)
    var tile = Tile(region: source.info.region, channels: 3, format: .uint8)
    let error = #expect(throws: TesseraError.self) { try source.read(into: &tile) }
    #expect(error?.description.contains("channel 3") == true, "\(error as Any)")
  }

  private func ome(
    _ channels: String, order: String = "XYCZT", c: Int = 3, z: Int = 1, t: Int = 1,
    data: String = "", type: String = "uint8"
  ) -> String {
    "<?xml version=\"1.0\"?><OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\"><Image "
      + "ID=\"Image:0\"><Pixels ID=\"Pixels:0\" DimensionOrder=\"\(order)\" Type=\"\(type)\" "
      + "SizeX=\"40\" SizeY=\"25\" SizeC=\"\(c)\" SizeZ=\"\(z)\" SizeT=\"\(t)\" "
      + "PhysicalSizeX=\"0.25\" PhysicalSizeY=\"0.25\">\(channels)\(data)</Pixels></Image></OME>"
  }

  private func named(_ names: [String]) -> String {
    names.enumerated().map {
      "<Channel ID=\"Channel:0:\($0)\" SamplesPerPixel=\"1\" Name=\"\($1)\"/>"
    }.joined()
  }

  private func pages(_ count: Int, _ description: String, isTiled: Bool = true) -> [Page] {
    (0..<count).map {
      Page(channels: [$0], isTiled: isTiled, description: $0 == 0 ? description : nil)
    }
  }

  @Test(arguments: [true, false])
  func `pages named red, green and blue are one picture`(isTiled: Bool) throws {
    let text = ome(named(["Red", "Green", "Blue"]), data: "<TiffData IFD=\"0\" PlaneCount=\"3\"/>")
    let source = try ImageFile.open(try write("rgb.ome.tif", pages(3, text, isTiled: isTiled)))
    #expect(source.info.color == .rgb && source.info.pages == 1)
    #expect(source.info.channelNames == ["Red", "Green", "Blue"])
    #expect(source.info.micronsPerPixel?.x == 0.25)
    try check(source, [0, 1, 2])
    #expect(try source.overview(reduction: 3).channels == 3)
  }

  @Test func `channels of fluorescence keep their names and are no colors`() throws {
    let text = ome(named(["DAPI", "CD3 &amp; CD8"]), c: 2)
    let source = try ImageFile.open(try write("if.ome.tif", pages(2, text)))
    #expect(source.info.color == .other && source.info.channelNames == ["DAPI", "CD3 & CD8"])
    try check(source, [0, 1])
  }

  @Test func `planes lie where the description says, in any order`() throws {
    // Slices before channels: pages are z0 of all channels in steps of two.
    let slices = ome(named(["a", "b", "c"]), order: "XYZCT", z: 2)
    let source = try ImageFile.open(try write("z.ome.tif", pages(6, slices)))
    #expect(source.info.pages == 2)
    try check(source, [0, 2, 4])
    try check(try ImageFile.open(folder.path("z.ome.tif"), page: 1), [1, 3, 5])
    let turned = ome(
      named(["a", "b", "c"]),
      data: (0..<3).map { "<TiffData FirstC=\"\($0)\" IFD=\"\(2 - $0)\" PlaneCount=\"1\"/>" }
        .joined())
    try check(try ImageFile.open(try write("turned.ome.tif", pages(3, turned))), [2, 1, 0])
  }

  @Test func `channels of ImageJ are channels`() throws {
    let text = "ImageJ=1.54f\nimages=4\nchannels=2\nslices=2\nhyperstack=true\nmode=composite\n"
    let source = try ImageFile.open(try write("ij.tif", pages(4, text, isTiled: false)))
    #expect(source.info.pages == 2 && source.info.color == .other)
    try check(source, [0, 1])
  }

  @Test func `descriptions that do not fit are no reason to fail`() throws {
    for text in [
      ome(named(["a", "b"])), ome("", order: "XYABC"), ome("", c: 1), ome("", c: 100_000_000),
      ome("", data: "<TiffData IFD=\"-4\"/>"), ome("", data: "<TiffData FirstC=\"9\" IFD=\"0\"/>"),
      "<OME", "ImageJ=1\nchannels=-3\n", "ImageJ=1\nchannels=99999999999\n",
    ] {
      let source = try ImageFile.open(try write("odd.ome.tif", pages(3, text)))
      #expect(source.info.channels == 1, "\(text)")
    }
    // Promised pages that are not there are said.
    let path = try write("short.ome.tif", pages(2, ome(named(["Red", "Green", "Blue"]))))
    #expect(throws: TesseraError.self) { try ImageFile.open(path) }
  }
}
