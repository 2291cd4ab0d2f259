import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct ColorLabelTests {
  let folder: TemporaryDirectory
  private let colors = LabelColors(
    [[128, 64, 128], [70, 70, 70], [107, 142, 35]].map { .init(color: $0) })

  init() throws { folder = try TemporaryDirectory() }

  private func open(_ path: String, _ colors: LabelColors? = nil) throws -> any ImageSource {
    try ImageFile.open(path, as: .labels(palette: colors ?? self.colors))
  }

  /// The class of the nearest color, written down once more.
  private func nearest(_ samples: [UInt8], stride: Int, _ colors: LabelColors) -> [Int] {
    Swift.stride(from: 0, to: samples.count, by: stride).map { place in
      let distances = colors.entries.map { entry in
        (0..<3).reduce(0) { sum, channel in
          let difference = Int(entry.color[channel]) - Int(samples[place + channel])
          return sum + difference * difference
        }
      }
      return distances.firstIndex(of: distances.min() ?? 0) ?? -1
    }
  }

  @Test(arguments: ["ppm", "png", "jpg", "tif", "tif[tile,compression=jpeg]"], [1, 7, 100])
  func `every pixel is the class of its nearest color`(name: String, rows: Int) throws {
    let base = try TestImages.writePPM(folder.path("base.ppm"), width: 301, height: 122)
    let path = folder.path("a.\(name.prefix { $0 != "[" })")
    try TestImages.runVips(["copy", base, folder.path("a.\(name)")])
    let source = try open(path)
    let info = source.info
    #expect((info.width, info.height, info.channels) == (301, 122, 1))
    #expect(info.sampleFormat == .uint8 && info.color == .gray && !info.hasAlpha)
    #expect(info.storedAs == "colours of 3 labels" && info.iccProfile == nil)
    let expected = nearest(try TestImages.samples(path, in: folder), stride: 3, colors)
    let isSame = try TestImages.read(source, rows: rows).map { Int($0) } == expected
    #expect(isSame)
    #expect(Set(expected).count > 1)
    let again = try TestImages.read(source.reopened()).map { Int($0) } == expected
    #expect(again)
  }

  @Test func `alpha is no part of a color`() throws {
    let base = try TestImages.writePPM(folder.path("base.ppm"), width: 60, height: 50)
    let path = folder.path("a.png")
    try TestImages.runVips(["bandjoin_const", base, path, "128"])
    #expect(try ImageFile.open(path).info.hasAlpha)
    let expected = nearest(try TestImages.samples(path, in: folder), stride: 4, colors)
    let isSame = try TestImages.read(open(path)).map { Int($0) } == expected
    #expect(isSame)
  }

  @Test func `more than 256 classes have 16 bits`() throws {
    let many = LabelColors(
      (0..<700).map { .init(color: [UInt8($0 % 256), UInt8($0 / 256 * 80), 9]) })
    let path = try TestImages.writePPM(folder.path("a.ppm"), width: 90, height: 70)
    let source = try open(path, many)
    #expect(source.info.sampleFormat == .uint16)
    let expected = nearest(try TestImages.samples(path, in: folder), stride: 3, many)
    let bytes = try TestImages.read(source)
    let labels = stride(from: 0, to: bytes.count, by: 2).map {
      Int(bytes[$0]) | Int(bytes[$0 + 1]) << 8
    }
    let isSame = labels == expected
    #expect(isSame)
    #expect((expected.max() ?? 0) > 255)
  }

  @Test(arguments: [2, 5, 16]) func `an overview holds the class in the middle of each square`(
    reduction: Int
  ) throws {
    let path = try TestImages.writePPM(folder.path("a.ppm"), width: 83, height: 51)
    let all = nearest(try TestImages.samples(path, in: folder), stride: 3, colors)
    let source = try open(path)
    let overview = try source.overview(reduction: reduction)
    #expect((overview.region.width, overview.region.height) == (83 / reduction, 51 / reduction))
    for y in overview.region.rows {
      let row = overview.withRow(y, columns: overview.region.columns, as: UInt8.self) { row in
        (0..<row.count).map { Int(row[$0]) }
      }
      let expected = (0..<row.count).map {
        all[(y * reduction + reduction / 2) * 83 + $0 * reduction + reduction / 2]
      }
      #expect(row == expected)
    }
    // The overview does not use up the one pass.
    let isSame = try TestImages.read(source).map { Int($0) } == all
    #expect(isSame)
  }

  @Test func `numbers stay numbers, with a palette or without`() throws {
    let path = folder.path("a.png")
    for isPalette in [true, false] {
      let png = TestPNG(width: 40, height: 30, isPalette: isPalette)
      try png.write(path)
      let isSame = try TestImages.read(open(path)) == png.values
      #expect(isSame)
    }
  }

  @Test func `colors without a palette, and of 16 bits, are no labels`() throws {
    let path = try TestImages.writePPM(folder.path("a.ppm"), width: 20, height: 20)
    let error = #expect(throws: TesseraError.self) {
      try ImageFile.open(path, as: .labels(palette: nil))
    }
    #expect(error?.reason.contains("it has 3 channels, a label map has one") == true)
    let deep = folder.path("deep.tif")
    try TestImages.runVips(["cast", path, deep, "ushort"])
    #expect(throws: TesseraError.self) { try open(deep) }
  }

  @Test(arguments: [
    "[]", "[[1, 2]]", "[[1, 2, 256]]", "{}", "", "[[1, 2, 3], [1, 2, 3]]", "[[1, 2, 3.5]]",
  ])
  func `a palette file that is none names the file`(content: String) throws {
    let path = folder.path("p.json")
    try content.write(toFile: path, atomically: false, encoding: .utf8)
    let error = #expect(throws: TesseraError.self) { try LabelColors.read(path) }
    #expect(error?.description.hasPrefix("\(path): reading the palette: ") == true)
  }
}
