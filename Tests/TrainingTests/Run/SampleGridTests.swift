import Base
import Foundation
import TestSupport
import Testing
import TesseraPlugin
import TileIO

@testable import Training

/// A Python with Pillow.
private let pillow = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
  .flatMap { ExternalTool($0) }
  .flatMap { (try? $0.run(["-c", "import PIL"]))?.status == 0 ? $0 : nil }

struct SampleGridTests {
  private func ramp(_ channels: Int, _ height: Int, _ width: Int) -> [Float] {
    let count = channels * height * width
    return (0..<count).map { Float($0) / Float(count - 1) * 2 - 1 }
  }

  private func pixel(_ picture: RGBPicture, _ x: Int, _ y: Int) -> [UInt8] {
    let place = (y * picture.width + x) * 3
    return Array(picture.bytes[place..<(place + 3)])
  }

  @Test func `values become colors as the networks mean them`() {
    let three = SamplePicture(
      values: [-1, 1, 0, 0.5, -3, 3], channels: 3, height: 1, width: 2
    ).drawn(atMost: 9)
    #expect(pixel(three, 0, 0) == [0, 128, 0])
    #expect(pixel(three, 1, 0) == [255, 191, 255])
    for picture in [
      SamplePicture(values: [-1, 1], channels: 1, height: 1, width: 2),
      SamplePicture(values: [-1, 1, 0, 0], channels: 2, height: 1, width: 2),
      SamplePicture(
        values: [-1, 1, 0, 0, 0, 0, 0, 0], channels: 4, height: 1, width: 2, isGray: true),
    ] {
      let drawn = picture.drawn(atMost: 9)
      #expect(pixel(drawn, 0, 0) == [0, 0, 0])
      #expect(pixel(drawn, 1, 0) == [255, 255, 255])
    }
    let five = SamplePicture(values: [1, -1, 1, 0, 0], channels: 5, height: 1, width: 1)
    #expect(pixel(five.drawn(atMost: 9), 0, 0) == [255, 0, 255])
  }

  @Test func `what is no number is seen and harms nothing`() {
    let picture = SamplePicture(
      values: [.nan, .infinity, 0, -.infinity], channels: 1, height: 1, width: 4
    ).drawn(atMost: 9)
    #expect((0..<4).map { pixel(picture, $0, 0)[1] } == [0, 0, 128, 0])
    #expect(pixel(picture, 0, 0) == [255, 0, 255])
  }

  @Test func `labels have colors of their own`() {
    let labels = Array(-1...255)
    let drawn = SamplePicture(labels: labels, height: 1, width: labels.count).drawn(atMost: 999)
    let colors = Set(labels.indices.map { pixel(drawn, $0, 0) })
    #expect(colors.count > 250)
    for first in 0..<24 {
      for second in 0..<first {
        let (a, b) = (pixel(drawn, first, 0), pixel(drawn, second, 0))
        let distance = zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        #expect(distance > 25, "labels \(second - 1) and \(first - 1)")
      }
    }
    let palette = LabelPalette(bytes: [1, 2, 3, 4, 5, 6, 7])
    let two = SamplePicture(labels: [1, 0, 2], height: 1, width: 3, palette: palette)
      .drawn(atMost: 9)
    #expect(pixel(two, 0, 0) == [4, 5, 6])
    #expect(pixel(two, 1, 0) == [1, 2, 3])
    #expect(pixel(two, 2, 0) != [7, 0, 0])
  }

  @Test func `large pictures are reduced by means, label maps by choice`() {
    let drawn = SamplePicture(values: [-1, 1, -1, 1, 0.5], channels: 1, height: 1, width: 5)
      .drawn(atMost: 3)
    #expect((drawn.width, drawn.height) == (3, 1))
    #expect((0..<3).map { pixel(drawn, $0, 0)[0] } == [128, 128, 191])
    let labels = SamplePicture(labels: [0, 9, 1, 9, 2], height: 5, width: 1).drawn(atMost: 3)
    #expect((labels.width, labels.height) == (1, 3))
    #expect(
      pixel(labels, 0, 1)
        == pixel(SamplePicture(labels: [1], height: 1, width: 1).drawn(atMost: 1), 0, 0))
  }

  private func grid() -> SampleGrid {
    var grid = SampleGrid(columns: ["input", "output (EMA)", "Ü"], limit: 64)
    grid.append([
      SamplePicture(values: ramp(3, 60, 64), channels: 3, height: 60, width: 64),
      SamplePicture(values: ramp(1, 64, 64), channels: 1, height: 64, width: 64),
      SamplePicture(labels: (0..<400).map { $0 / 20 }, height: 20, width: 20),
    ])
    grid.append([
      SamplePicture(values: ramp(3, 32, 32), channels: 3, height: 32, width: 32),
      SamplePicture(values: ramp(4, 30, 10), channels: 4, height: 30, width: 10),
      SamplePicture(labels: [3], height: 1, width: 1),
    ])
    return grid
  }

  @Test func `a grid is one PNG with every pixel in its place`() throws {
    let folder = try TemporaryDirectory()
    let grid = grid()
    let path = folder.path("grid.png")
    try grid.write(to: path)
    let first = try Data(contentsOf: URL(filePath: path))
    try grid.write(to: path)
    let isSame = try Data(contentsOf: URL(filePath: path)) == first
    #expect(isSame)
    #expect(folder.contents == ["grid.png"])
    let drawn = grid.drawn
    #expect((drawn.width, drawn.height) == (64 + 64 + 20 + 8, 20 + 64 + 32 + 4))
    #expect(pixel(drawn, 2, 20) == [0, 85, 170])
    #expect(pixel(drawn, 68, 20) == [0, 0, 0])
    #expect(pixel(drawn, 67, 30) == [255, 255, 255])
  }

  @Test(.enabled(if: pillow != nil, "needs Pillow"))
  func `Pillow reads the pixels of a grid`() throws {
    let folder = try TemporaryDirectory()
    let (grid, path) = (grid(), folder.path("grid.png"))
    try grid.write(to: path)
    let bytes = grid.drawn.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let result = try #require(pillow).run([
      "-c",
      """
      import sys; from PIL import Image
      i = Image.open(sys.argv[1]); print(i.format, i.mode, i.size, i.tobytes().hex() == sys.argv[2])
      """, path, bytes,
    ])
    #expect(result.output == "PNG RGB (156, 120) True\n", "\(result.errors)")
  }

  @Test func `a grid that cannot be written says why`() throws {
    var grid = SampleGrid(columns: ["a"])
    let empty = #expect(throws: TesseraError.self) { try grid.write(to: "/nowhere/x.png") }
    #expect(empty?.description == "/nowhere/x.png: writing the samples: there are no pictures")
    grid.append([SamplePicture(labels: [0], height: 1, width: 1)])
    let error = #expect(throws: TesseraError.self) { try grid.write(to: "/nowhere/x.png") }
    #expect(error?.description.contains("/nowhere does not exist") == true)
  }
}
