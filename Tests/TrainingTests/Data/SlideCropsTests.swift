import Base
import Foundation
import TestSupport
import Testing
import TesseraPlugin
import TileIO

@testable import Training

struct SlideCropsTests {
  private let stain: [UInt8] = [200, 90, 160]
  let folder: ExampleFolder

  init() throws { folder = try ExampleFolder() }

  /// Whether a picture shows the stain of the synthetic slides at its middle.
  private func isStained(_ picture: Picture) -> Bool {
    let plane = picture.height * picture.width
    let middle = picture.height / 2 * picture.width + picture.width / 2
    return picture.values[middle] - picture.values[plane + middle] > 0.3
  }

  /// A slide of more than 40 megapixels with a disc of tissue, and one white one.
  private func slides() throws {
    try folder.write("trainA/1.tif", 7040, 5900) { x, y, channel in
      let (u, v) = (x - 2000, y - 1500)
      guard u * u + v * v < 900 * 900 else { return 240 }
      return stain[channel] + UInt8((x / 8 ^ y / 8) & 31)
    }
    try folder.noise(["trainB/1.png"], 64, 64)
  }

  @Test func `squares come from tissue, as many as an epoch wants`() throws {
    try slides()
    var options = ExampleFolder.plain
    options.preprocess = .resizeAndCrop
    (options.loadSize, options.cropSize, options.cropsPerSlide) = (64, 64, 25)
    (options.flips, options.turns) = (true, true)
    let data = try folder.open(.unpaired, options)
    #expect((data.count, data.fileCount) == (25, 2))
    var seen: Set<Int> = []
    for place in 0..<25 {
      let picture = try #require(try data.example(place, epoch: 0, place: place, seed: 6).picture)
      #expect((picture.channels, picture.height, picture.width) == (3, 64, 64))
      let isTissue = isStained(picture)
      #expect(isTissue, "square \(place)")
      seen.insert(picture.hashValue)
    }
    #expect(seen.count > 1)
    let again = try data.example(3, epoch: 0, place: 3, seed: 6).fingerprint
    #expect(try data.example(3, epoch: 0, place: 3, seed: 6).fingerprint == again)
  }

  @Test func `a slide without tissue, and one smaller than a square`() throws {
    let white = try folder.write("white.tif", 900, 700) { _, _, _ in 240 }
    let none = #expect(throws: TesseraError.self) { try SlideCrops(white) }
    #expect(none?.description.contains("looking for tissue: there is none; take the slide") == true)
    let small = try folder.write("small.tif", 90, 70) { x, _, channel in stain[channel] }
    let slide = try SlideCrops(small)
    var numbers = SeededNumbers(seed: 1, .augmentation)
    let error = #expect(throws: TesseraError.self) {
      try slide.crop(80, PictureReader(channels: 3), &numbers)
    }
    #expect(error?.description.contains("it is smaller than 80 px; lower --crop-size") == true)
    #expect(try slide.crop(70, PictureReader(channels: 3), &numbers).height == 70)
  }

  @Test func `formats without windows are refused as slides`() throws {
    let path = try folder.write("a.png", 64, 64) { x, _, channel in stain[channel] }
    let error = #expect(throws: TesseraError.self) { try SlideCrops(path) }
    #expect(error?.description.contains("convert it to a tiled TIFF") == true)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared data"))
  func `squares of a real slide are the pixels of the slide`() throws {
    let path = SharedData.path("slides/CMU-1-Small-Region.svs")
    let slide = try SlideCrops(path)
    let whole = try PictureReader(channels: 3).read(path)
    var numbers = SeededNumbers(seed: 1, .augmentation)
    for _ in cases([0], slow: [1, 2, 3, 4]) {
      let crop = try slide.crop(96, PictureReader(channels: 3), &numbers)
      let first = Array(crop.values[0..<96])
      // The row is found somewhere in the slide.
      var isFound = false
      for row in 0..<whole.height where !isFound {
        let start = row * whole.width
        for column in 0...(whole.width - 96) where whole.values[start + column] == first[0] {
          if whole.values[(start + column)..<(start + column + 96)].elementsEqual(first) {
            isFound = true
            break
          }
        }
      }
      #expect(isFound)
    }
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `a scanner's slide is cut at its own resolution however small it is`() throws {
    let path = SharedData.path("slides/CMU-1-Small-Region.svs")
    try folder.noise(["trainB/1.png"], 300, 300)
    let a = try folder.path("trainA")
    try FileManager.default.createDirectory(atPath: a, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(a)/1.svs", withDestinationPath: path)
    var options = ExampleFolder.plain
    options.preprocess = .resizeAndCrop
    (options.loadSize, options.cropSize, options.cropsPerSlide) = (286, 256, 7)
    let data = try folder.open(.unpaired, options)
    #expect(data.count == 7)
    let square = try #require(try data.example(0, epoch: 0, place: 0, seed: 2).picture)
    #expect((square.height, square.width) == (256, 256))
    // The square is somewhere in the slide as it is, without resizing.
    let whole = try PictureReader(channels: 3).read(path)
    let row = square.values[..<256].withUnsafeBytes { Data($0) }
    let isThere = whole.values.withUnsafeBytes { Data($0) }.range(of: row) != nil
    #expect(isThere)
  }
}
