import Foundation
import Testing
import TesseraPlugin
import TileIO

@testable import Training

struct PictureReaderTests {
  let folder: ExampleFolder

  init() throws { folder = try ExampleFolder() }

  private func complaint(_ path: String, _ reader: PictureReader) -> String {
    do {
      _ = try reader.read(path)
      return ""
    } catch { return error.description }
  }

  @Test func `black, white and gray of 8 bits`() throws {
    let path = try folder.write("a.png", 3, 1) { x, _, channel in UInt8([0, 51, 255][x]) }
    let picture = try PictureReader(channels: 3).read(path)
    #expect((picture.channels, picture.height, picture.width) == (3, 1, 3))
    let expected: [Float] = [-1, -0.6, 1, -1, -0.6, 1, -1, -0.6, 1]
    #expect(zip(picture.values, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test
  func
    `another depth than the others of its domain is refused, unless a window says what it means`()
    throws
  {
    let path = try folder.write("a.png", 3, 1, 1) { x, _, _ in UInt8(x) }
    let text = complaint(path, PictureReader(channels: 1, depth: .uint16))
    #expect(text.contains("its samples are uint8, the others of its domain are uint16"))
    #expect(complaint(path, PictureReader(channels: 1, depth: .uint8)).isEmpty)
    #expect(complaint(path, PictureReader(channels: 1, window: 0...100)).isEmpty)
  }

  @Test func `channels are planes, rows are rows`() throws {
    let path = try folder.write("a.png", 5, 4) { x, y, channel in
      UInt8(x + 10 * y + 100 * channel)
    }
    let picture = try PictureReader(channels: 3).read(path)
    var isRight = true
    for channel in 0..<3 {
      for y in 0..<4 {
        for x in 0..<5 {
          let value = picture.values[(channel * 4 + y) * 5 + x]
          isRight = isRight && abs(value - (Float(x + 10 * y + 100 * channel) / 127.5 - 1)) < 1e-6
        }
      }
    }
    #expect(isRight)
  }

  @Test(arguments: ["png", "tif"])
  func `sixteen bits stay sixteen bits`(ending: String) throws {
    let path = try folder.write("a.\(ending)", 256, 256, 1, of: UInt16.self) { x, y, _ in
      UInt16(y * 256 + x)
    }
    let values = try PictureReader(channels: 1).read(path).values
    #expect(Set(values).count == 65536)
    #expect(values == values.sorted())
    #expect((values.first, values.last) == (-1, 1))
    #expect(abs(values[32768] - Float(1.0 / 65535)) < 1e-7)
  }

  @Test func `a window in HU maps its ends and cuts what lies outside`() throws {
    let units: [Float] = [-3000, -1000, 0, 500, 2000, 9000]
    let path = try folder.write("a.tif", 6, 1, 1, of: Float.self) { x, _, _ in units[x] }
    let values = try PictureReader(channels: 1, window: -1000...2000).read(path).values
    let expected: [Float] = [-1, -1, -1.0 / 3, 0, 1, 1]
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `gray becomes three channels, color becomes the gray of BT 601`() throws {
    let gray = try folder.write("grey.png", 7, 5, 1) { x, y, _ in UInt8(x * 30 + y) }
    let three = try PictureReader(channels: 3).read(gray).values
    let one = try PictureReader(channels: 1).read(gray).values
    let isSame = three == one + one + one
    #expect(isSame)
    let color = try folder.write("colour.png", 3, 1) { x, _, channel in x == channel ? 255 : 0 }
    let weights = try PictureReader(channels: 1).read(color).values.map { ($0 + 1) / 2 }
    #expect(zip(weights, [0.299, 0.587, 0.114] as [Float]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func `floats outside of 0 to 1 need a window`() throws {
    let path = try folder.write("a.tif", 2, 1, 1, of: Float.self) { x, _, _ in x == 0 ? 0.5 : 1024 }
    let text = complaint(path, PictureReader(channels: 1))
    #expect(text.hasPrefix("\(path): reading the picture: a sample is 1024.0"))
    #expect(text.contains("--source-window or --target-window"))
    #expect(complaint(path, PictureReader(channels: 1, window: 0...2000)).isEmpty)
    let rounded = try folder.write("b.tif", 2, 1, 1, of: Float.self) { x, _, _ in
      x == 0 ? -0.0005 : 1.0005
    }
    #expect(try PictureReader(channels: 1).read(rounded).values == [-1, 1])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity], [nil, 0...1] as [ClosedRange<Float>?])
  func `a sample that is no number is refused as that`(
    bad: Float, window: ClosedRange<Float>?
  ) throws {
    let path = try folder.write("a.tif", 3, 3, 1, of: Float.self) { x, y, _ in
      x == 1 && y == 2 ? bad : 0.5
    }
    #expect(
      complaint(path, PictureReader(channels: 1, window: window)).contains("a sample is no number"))
  }

  @Test func `other channels than those of the domain`() throws {
    let path = try folder.write("a.tif", 9, 9, 5) { _, _, _ in 1 }
    #expect(
      complaint(path, PictureReader(channels: 3))
        == "\(path): reading the picture: it has 5 channels, the others of its domain have 3")
    #expect(complaint(path, PictureReader(channels: 5)).isEmpty)
  }

  @Test func `a part is what the whole holds there`() throws {
    let path = try folder.write("a.png", 40, 30) { x, y, channel in UInt8(x * 5 + y + channel) }
    let reader = PictureReader(channels: 3)
    let source = try ImageFile.open(path)
    let part = try reader.read(source, PixelRegion(x: 0, y: 0, width: 40, height: 13), path)
    let whole = try reader.read(path).cropped(x: 0, y: 0, width: 40, height: 13)
    let isSame = part == whole
    #expect(isSame)
  }
}
