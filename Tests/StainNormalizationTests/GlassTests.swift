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
  func `glass comes out as that of the reference, or as it went in`(method: String) throws {
    let builtIn = try picture.translated(by: translator(picture, ["method": method]))
    #expect(glass(of: builtIn).allSatisfy { $0 == 240 })
    let bright = try pair.fit(picture.overview(), options: options(["method": method]))
    let like = try picture.translated(
      by: translator(picture, ["method": method], reference: bright))
    #expect(glass(of: like).allSatisfy { $0 == 244 })
    let kept = try picture.translated(
      by: translator(picture, ["method": method, "glass": "keep"]))
    for (before, after) in zip(glass(of: picture), glass(of: kept)) {
      #expect(abs(Int(before) - Int(after)) <= 1)
    }
  }

  @Test func `glass is found at the level where it is flat`() throws {
    let glass = try #require(Glass(FitPixels(picture.tile())))
    #expect((255 * glass.share - SIMD3(244, 243, 245)).length < 1e-9)
  }

  /// The same slide seen through lamps of other colors.
  @Test(arguments: [
    SIMD3(1.0, 1, 1), SIMD3(0.99, 0.96, 0.82), SIMD3(0.5, 0.5, 0.5), SIMD3(0.93, 0.91, 0.8),
    SIMD3(0.78, 0.8, 0.84), SIMD3(0.75, 0.68, 0.8),
  ])
  func `warm, dark and purple glass is glass, and the tissue does not depend on it`(
    lamp: SIMD3<Double>
  ) throws {
    let plain = stained(192, 192)
    var tinted = plain
    for index in tinted.samples.indices {
      tinted.samples[index] = UInt8((Double(plain.samples[index]) * lamp[index % 3]).rounded())
    }
    let glass = try #require(Glass(FitPixels(tinted.tile())))
    #expect((255 * glass.share - SIMD3(244, 243, 245) * lamp).length < 1)
    let expected = try plain.translated(by: translator(plain))
    let output = try tinted.translated(by: translator(tinted))
    #expect(self.glass(of: output).allSatisfy { abs(Int($0) - 240) <= 1 })
    #expect(output.difference(from: expected).mean < 1)
  }

  @Test func `pale tissue is no glass, whether there is some or not`() throws {
    // Nuclei on a pale flat ground that takes green, beside brighter pixels and beside none.
    let ground = stained(192, 192)
    let tissue = Picture(192, 192) { x, y in
      let place = 3 * (y * 192 + x % 140)
      return x % 140 < 10
        ? (214, 188, 216)
        : (ground.samples[place], ground.samples[place + 1], ground.samples[place + 2])
    }
    #expect(Glass(FitPixels(tissue.tile())) == nil)
    let beside = Picture(192, 192) { x, y in
      let place = 3 * (y * 192 + x)
      return x < 168
        ? (tissue.samples[place], tissue.samples[place + 1], tissue.samples[place + 2])
        : (236, 236, 235)
    }
    let glass = try #require(Glass(FitPixels(beside.tile())))
    #expect((255 * glass.share - SIMD3(236, 236, 235)).length < 1)
  }

  @Test func `mucin keeps its color`() throws {
    let slide = stained(192, 192)
    let picture = Picture(192, 192) { x, y in
      let place = 3 * (y * 192 + x)
      return (40..<70).contains(x) && (40..<70).contains(y)
        ? (194, 210, 228)
        : (slide.samples[place], slide.samples[place + 1], slide.samples[place + 2])
    }
    let output = try picture.translated(by: translator(picture))
    let place = 3 * (55 * 192 + 55)
    let (r, b) = (Int(output.samples[place]), Int(output.samples[place + 2]))
    #expect(r < 225 && b - r > 12, "\(output.samples[place..<(place + 3)])")
  }

  @Test func `what was never scanned, and is white, does not count as glass`() throws {
    let (columns, rows) = (picture.width, picture.height)
    let unscanned = Picture(columns, 4 * rows) { x, y in
      guard y < rows else { return (255, 255, 255) }
      let place = 3 * (y * columns + x)
      return (picture.samples[place], picture.samples[place + 1], picture.samples[place + 2])
    }
    let glass = try #require(Glass(FitPixels(unscanned.tile())))
    #expect((255 * glass.share - SIMD3(244, 243, 245)).length < 1e-9)
  }

  @Test func `an image without glass has none`() {
    let tissue = Picture(64, 64) { x, y in (UInt8(120 + x % 20), UInt8(60 + y % 20), 140) }
    #expect(Glass(FitPixels(tissue.tile())) == nil)
    for (width, height) in [(1, 1), (1, 300), (300, 1), (2, 2)] {
      let thin = Picture(width, height) { _, _ in (240, 240, 240) }
      #expect((Glass(FitPixels(thin.tile())) != nil) == (width * height >= 256))
    }
  }

  @Test func `the conventions of other packages know no glass`() throws {
    let plain = try picture.translated(by: translator(picture, ["compat": "torchstain"]))
    let keeping = try picture.translated(
      by: translator(picture, ["compat": "torchstain", "glass": "keep"]))
    #expect(plain == keeping)
  }
}
