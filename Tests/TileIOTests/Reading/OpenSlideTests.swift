import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import TileIO

/// Slides that pydicom makes, against what OpenSlide's own Python sees.
@Suite(
  .enabled(if: TestDICOM.python != nil, "needs TESSERA_ORACLE_PYTHON with pydicom and OpenSlide 4"),
  .enabled(
    if: (try? OpenSlideLibrary.shared.get()) != nil, "OpenSlide 4.0.1 is missing: run make setup"))
struct OpenSlideTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private func slide(
    _ levels: Int = 1, isLossless: Bool = true, isSparse: Bool = false
  ) throws -> String {
    try TestDICOM.makeSlide(
      in: folder.url.path, width: 700, height: 530, levels: levels, isLossless: isLossless,
      isSparse: isSparse)
    return folder.path("0.dcm")
  }

  @Test(arguments: [true, false])
  func `a slide in DICOM has the pixels of OpenSlide, however it is cut`(isLossless: Bool) throws {
    let path = try slide(isLossless: isLossless)
    let source = try ImageFile.open(path)
    #expect(source.info.format == "DICOM slide" && source.info.isLossy != isLossless)
    #expect(source.info.width == 700 && source.info.height == 530)
    #expect(source.info.micronsPerPixel.map { $0 == (0.5, 0.5) } == true)
    #expect(source.info.storedTile == .init(width: 128, height: 128))
    let expected = try TestDICOM.samples(path, in: folder)
    for rows in [1, 100, 128, 530] {
      #expect(try TestImages.read(source, rows: rows) == expected)
    }
    let region = PixelRegion(x: 127, y: 250, width: 259, height: 7)
    var tile = Tile(region: region, channels: 3, format: .uint8)
    try WorkerPool(count: 4).run(20, throwing: TesseraError.self) { _ throws(TesseraError) in
      var tile = Tile(region: region, channels: 3, format: .uint8)
      try source.read(into: &tile)
    }
    try source.read(into: &tile)
    for row in region.rows {
      tile.withRow(row, columns: region.columns, as: UInt8.self) { samples in
        let start = (row * 700 + region.x) * 3
        #expect(samples.indices.allSatisfy { samples[$0] == expected[start + $0] })
      }
    }
  }

  @Test func `any file of a slide opens all of it`() throws {
    let path = try slide(3)
    let expected = try ImageFile.open(path).info
    #expect(expected.levels.map(\.width) == [700, 350, 175])
    #expect(try ImageFile.open(folder.path("2.dcm")).info == expected)
    #expect(ImageFile.isImage(folder.path("1.dcm")))
    let error = #expect(throws: TesseraError.self) { try ImageFile.open(folder.url.path) }
    #expect(error?.reason.contains("such as 0.dcm") == true)
  }

  @Test(arguments: [1, 2, 3, 4, 8, 700])
  func `an overview from a stored level is that from level 0`(reduction: Int) throws {
    let path = try slide(3)
    let source = try ImageFile.open(path)
    let overview = try source.overview(reduction: reduction)
    try FileManager.default.removeItem(atPath: folder.path("1.dcm"))
    try FileManager.default.removeItem(atPath: folder.path("2.dcm"))
    let single = try ImageFile.open(path)
    #expect(single.info.levels.count == 1)
    let expected = try single.overview(reduction: reduction)
    #expect(overview.region == expected.region && overview.region.height == max(1, 530 / reduction))
    var (sum, largest) = (0, 0)
    for row in overview.region.rows {
      overview.withRow(row, columns: overview.region.columns, as: UInt8.self) { samples in
        expected.withRow(row, columns: expected.region.columns, as: UInt8.self) { wanted in
          for index in samples.indices {
            let difference = abs(Int(samples[index]) - Int(wanted[index]))
            (sum, largest) = (sum + difference, max(largest, difference))
          }
        }
      }
    }
    // Levels are rounded, and lie up to an eighth of a pixel off where a side is odd.
    #expect(largest <= 40 && sum <= 3 * overview.region.area)
  }

  @Test func `what was never scanned is white`() throws {
    let path = try slide(isSparse: true)
    let samples = try TestImages.read(ImageFile.open(path))
    #expect(samples.prefix(3 * 128).allSatisfy { $0 == 255 })
    #expect(samples == (try TestDICOM.samples(path, in: folder)))
  }

  @Test func `a slide that ends early fails in one line`() throws {
    let path = try slide()
    let whole = try Data(contentsOf: URL(filePath: path))
    for count in [300, 900, whole.count / 2] {
      try whole.prefix(count).write(to: URL(filePath: path))
      let error = #expect(throws: TesseraError.self) { try TestImages.read(ImageFile.open(path)) }
      let text = error?.description ?? ""
      #expect(text.contains(path) && text.contains("damaged") && !text.contains("\n"), "\(text)")
    }
  }

  @Test func `both versions of OpenSlide live in one process`() throws {
    let path = try slide()
    try TestImage(600, 400).write(to: folder.path("a.svs"))
    for _ in 0..<2 {
      let aperio = try ImageFile.open(folder.path("a.svs"))
      let dicom = try ImageFile.open(path)
      #expect(aperio.info.format == "Aperio slide" && dicom.info.format == "DICOM slide")
      #expect(try aperio.overview(reduction: 2).region.width == 300)
      #expect(try dicom.overview(reduction: 2).region.width == 350)
    }
  }
}

@Suite(
  .enabled(
    if: (try? OpenSlideLibrary.shared.get()) != nil, "OpenSlide 4.0.1 is missing: run make setup"))
struct CZITests {
  @Test func `a slide of Zeiss is read, and refused where it is damaged`() throws {
    let folder = try TemporaryDirectory()
    let slide = TestCZI(width: 300, height: 200)
    let path = folder.path("a.czi")
    try slide.file.write(to: URL(filePath: path))
    let source = try ImageFile.open(path)
    #expect(source.info.format == "Zeiss slide" && ImageFile.isImage(path))
    #expect(source.info.micronsPerPixel.map { $0 == (0.25, 0.25) } == true)
    #expect(try TestImages.read(source) == slide.samples)
    for count in [20, 500, slide.file.count / 2, slide.file.count - 300] {
      try slide.file.prefix(count).write(to: URL(filePath: path))
      let error = #expect(throws: TesseraError.self) { try TestImages.read(ImageFile.open(path)) }
      #expect(error?.path == path && error?.reason.contains("damaged") == true, "\(count)")
    }
  }
}

struct OpenSlideLibraryTests {
  @Test func `a library that is not there says what to do`() throws {
    let folder = try TemporaryDirectory()
    for place in ["/nonexistent/openslide", folder.url.path] {
      let error = #expect(throws: TesseraError.self) {
        try OpenSlideLibrary(environment: ["TESSERA_OPENSLIDE": place])
      }
      let text = error?.description ?? ""
      #expect(text.contains(place) && text.contains("run make setup") && !text.contains("\n"))
    }
    try Data("nothing".utf8).write(to: folder.url.appending(path: "libopenslide.so.1"))
    let error = #expect(throws: TesseraError.self) {
      try OpenSlideLibrary(environment: ["TESSERA_OPENSLIDE": folder.url.path])
    }
    #expect(error?.reason.contains("libopenslide.so.1") == true)
  }
}
