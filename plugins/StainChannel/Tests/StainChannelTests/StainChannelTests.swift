import Foundation
import TesseraPlugin
import Testing

@testable import StainChannel

@Suite struct StainChannelTests {
  @Test(arguments: 0..<3) func `a pixel of one stain alone has its density and none of the others`(
    stain: Int
  ) throws {
    let density: Float = 0.8
    let light = StainChannel.vectors[stain].map { pow(10, -density * $0) }
    for other in 0..<3 {
      let row = StainChannel.unmixing(other)
      let amount = zip(row, light).reduce(Float(0)) { $0 - $1.0 * log10($1.1) }
      #expect(abs(amount - (other == stain ? density : 0)) < 1e-4)
    }
  }

  @Test func `clear glass is white and a dark nucleus is not`() throws {
    var pixels = Tile(
      region: PixelRegion(x: 0, y: 0, width: 2, height: 1), channels: 3, format: .uint8)
    pixels.withMutableRow(0, columns: 0..<2, as: UInt8.self) { samples in
      for (index, level) in [255, 255, 255, 90, 60, 140].enumerated() {
        samples[index] = UInt8(level)
      }
    }
    let pair = StainChannel()
    let overview = Overview(
      image: ImageDescription(width: 2, height: 1, channels: 3, format: .uint8), reduction: 1,
      pixels: Tile(region: pixels.region, channels: 3, format: .uint8))
    let calibration = try pair.calibrate(
      overview, options: PairOptions(declared: pair.description.options), reference: nil)
    guard case .translate(let translator) = calibration.outcome else { return }
    var gray = Tile(region: pixels.region, channels: 1, format: .uint8)
    try translator.translate(pixels, into: &gray)
    let levels = gray.withRow(0, columns: 0..<2, as: UInt8.self) { [$0[0], $0[1]] }
    #expect(levels[0] == 255)
    #expect(levels[1] < 200)
  }
}
