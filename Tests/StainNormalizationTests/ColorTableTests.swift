import Base
import TesseraPlugin
import Testing

@testable import StainNormalization

struct ColorTableTests {
  /// Colors of all kinds, many of them near each other.
  private let picture: Picture = {
    var random = SeededNumbers(state: 11)
    return Picture(301, 200) { x, y in
      let bits = random.next()
      return y < 100
        ? (
          UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
          UInt8(truncatingIfNeeded: bits >> 16)
        ) : (UInt8(150 + x % 60), UInt8(80 + y % 90), UInt8(170 + bits % 40))
    }
  }()

  @Test(arguments: [
    ["method": "reinhard"], ["method": "reinhard", "compat": "tiatoolbox"],
    ["compat": "staintools"], ["method": "reinhard", "compat": "torchstain"],
  ])
  func `a large image comes out as by the kernel, to the bit`(given: [String: String]) throws {
    // The same overview said to be that of a small and of a large image.
    func translator(_ side: Int) throws -> any TileTranslator {
      let overview = Overview(
        image: ImageDescription(width: side, height: side, channels: 3, format: .uint8),
        reduction: side / 96, pixels: stained().tile())
      let calibration = try pair.calibrate(overview, options: options(given), reference: nil)
      guard case .translate(let translator) = calibration.outcome else {
        throw PairError("copied: \(calibration.outcome)")
      }
      return translator
    }
    let (small, large) = (try translator(96), try translator(96 * 64))
    #expect(try picture.translated(by: small) == picture.translated(by: large))
    // Once more, now that all blocks are known.
    #expect(try picture.translated(by: small) == picture.translated(by: large))
  }
}
