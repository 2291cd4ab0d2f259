import Samples
import TesseraPlugin
import Testing
import TileIO

@Suite struct LandscapeTests {
  @Test func `any window shows the same pixels`() throws {
    let picture = Landscape(width: 160, height: 120, seed: 3)
    let whole = try pixels(picture, picture.info.region)
    for part in [
      PixelRegion(x: 0, y: 0, width: 1, height: 1),
      PixelRegion(x: 31, y: 17, width: 100, height: 64),
      PixelRegion(x: 159, y: 0, width: 1, height: 120),
    ] {
      #expect(try pixels(picture, part) == cut(part, from: whole, of: picture.info.region))
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `the sky is blue and the ground is green`(seed: UInt64) throws {
    let picture = Landscape(width: 160, height: 120, seed: seed)
    let sky = try mean(picture, PixelRegion(x: 0, y: 0, width: 160, height: 20))
    let ground = try mean(picture, PixelRegion(x: 0, y: 112, width: 160, height: 8))
    #expect(sky.z > sky.x + 10)
    #expect(ground.y > ground.x + 10 && ground.y > ground.z + 30)
  }

  @Test func `another seed gives another picture`() throws {
    let region = PixelRegion(x: 0, y: 0, width: 80, height: 60)
    let first = try pixels(Landscape(width: 80, height: 60, seed: 1), region)
    #expect(try pixels(Landscape(width: 80, height: 60, seed: 1), region) == first)
    #expect(try pixels(Landscape(width: 80, height: 60, seed: 2), region) != first)
  }

  private func mean(_ source: any ImageSource, _ region: PixelRegion) throws -> SIMD3<Double> {
    let bytes = try pixels(source, region)
    var sum = SIMD3<Double>.zero
    for index in stride(from: 0, to: bytes.count, by: 3) {
      sum += SIMD3(Double(bytes[index]), Double(bytes[index + 1]), Double(bytes[index + 2]))
    }
    return sum / Double(region.area)
  }
}
