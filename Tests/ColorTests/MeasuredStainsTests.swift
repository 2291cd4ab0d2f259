import Base
import TesseraPlugin
import Testing

@testable import Color

struct MeasuredStainsTests {
  static let stains = StainMatrix(
    haematoxylin: SIMD3(0.6, 0.7, 0.39).unit, eosin: SIMD3(0.2, 0.85, 0.48).unit)

  /// Nuclei on eosin beside glass.
  private func slide() -> Tile {
    var random = SeededNumbers(state: 1)
    var tile = Tile(
      region: PixelRegion(x: 0, y: 0, width: 96, height: 96), channels: 3, format: .uint8)
    for y in 0..<96 {
      tile.withMutableRow(y, columns: 0..<96, as: UInt8.self) { row in
        for x in 0..<96 {
          let isNucleus = random.unit() < 0.4
          let h = (isNucleus ? 1.4 : 0.1) * (0.6 + 0.4 * random.unit())
          let e = (isNucleus ? 0.15 : 1.8) * (0.5 + 0.5 * random.unit())
          let density = x < 72 ? h * Self.stains.haematoxylin + e * Self.stains.eosin : .zero
          for channel in 0..<3 {
            row[3 * x + channel] = UInt8((255 * exponential(-density[channel])).rounded())
          }
        }
      }
    }
    return tile
  }

  @Test func `the stains of a slide are those that it was made with`() throws {
    let found = try MeasuredStains(slide())
    let matrix = StainMatrix(haematoxylin: found.haematoxylin, eosin: found.eosin)
    #expect(matrix.haematoxylin.dot(Self.stains.haematoxylin) > 0.995)
    #expect(matrix.eosin.dot(Self.stains.eosin) > 0.995)
    let same = found.angles(to: found)
    #expect(same.haematoxylin < 1e-5 && same.eosin < 1e-5)
    let mean = try #require(MeasuredStains(averaging: [found, found]))
    #expect((mean.eosin - found.eosin).length < 1e-12)
    #expect(MeasuredStains(averaging: []) == nil)
  }

  @Test func `an image without tissue has no stains`() {
    let glass = Tile(
      region: PixelRegion(x: 0, y: 0, width: 32, height: 32), channels: 3, format: .uint8)
    #expect(throws: PairError.self) { try MeasuredStains(glass) }
    #expect(MeasuredStains.normalizedMedianIntensity(glass) == nil)
  }
}
