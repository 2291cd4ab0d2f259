import Color
import TesseraPlugin
import Testing

@testable import StainNormalization

struct GlassTests {
  /// A stained image with a right quarter of glass (244, 243, 245).
  let picture = stained()

  private func glass(of picture: Picture) -> [UInt8] {
    Array(picture.samples[(3 * (picture.width - 4))..<(3 * (picture.width - 3))])
  }

  @Test(arguments: ["macenko", "vahadane", "ruifrok"])
  func `glass comes out white, or as it went in`(method: String) throws {
    let white = try picture.translated(by: translator(picture, ["method": method]))
    #expect(glass(of: white).allSatisfy { $0 >= 254 })
    let kept = try picture.translated(
      by: translator(picture, ["method": method, "glass": "keep"]))
    for (before, after) in zip(glass(of: picture), glass(of: kept)) {
      #expect(abs(Int(before) - Int(after)) <= 1)
    }
  }

  @Test func `glass is the median of bright pixels outside of the tissue`() {
    let pixels = FitPixels(picture.tile())
    let glass = Glass(pixels, TissueMask(pixels, score: .saturation))
    for (share, level) in zip([glass.share.x, glass.share.y, glass.share.z], [244.0, 243, 245]) {
      #expect(abs(share * 255 - level) < 0.5)
    }
  }

  @Test func `what was never scanned, and is white, does not count as glass`() {
    let (columns, rows) = (picture.width, picture.height)
    let unscanned = Picture(columns, 4 * rows) { x, y in
      guard y < rows else { return (255, 255, 255) }
      let place = 3 * (y * columns + x)
      return (picture.samples[place], picture.samples[place + 1], picture.samples[place + 2])
    }
    let pixels = FitPixels(unscanned.tile())
    let glass = Glass(pixels, TissueMask(pixels, score: .saturation))
    for (share, level) in zip([glass.share.x, glass.share.y, glass.share.z], [244.0, 243, 245]) {
      #expect(abs(share * 255 - level) < 0.5)
    }
  }

  @Test func `an image without glass is measured against white`() {
    let tissue = Picture(64, 64) { x, y in (UInt8(120 + x % 20), UInt8(60 + y % 20), 140) }
    let pixels = FitPixels(tissue.tile())
    #expect(Glass(pixels, TissueMask(pixels, score: .saturation)) == Glass())
  }

  @Test func `the conventions of other packages know no glass`() throws {
    let plain = try picture.translated(by: translator(picture, ["compat": "torchstain"]))
    let keeping = try picture.translated(
      by: translator(picture, ["compat": "torchstain", "glass": "keep"]))
    #expect(plain == keeping)
  }
}
