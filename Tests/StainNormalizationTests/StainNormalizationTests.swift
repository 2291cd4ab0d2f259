import Base
import Color
import TesseraPlugin
import Testing

@testable import StainNormalization

struct StainNormalizationTests {
  private func reason(
    _ picture: Picture, _ given: [String: String] = [:], format: SampleFormat = .uint8
  ) throws -> String {
    let calibration = try pair.calibrate(
      picture.overview(format), options: options(given), reference: nil)
    guard case .copy(let reason) = calibration.outcome else {
      throw PairError("the image was not copied")
    }
    return reason
  }

  @Test(arguments: ["macenko", "reinhard", "vahadane", "ruifrok"])
  func `images without tissue are copied with a reason`(method: String) throws {
    var random = SeededNumbers(state: 2)
    let blank = Picture(64, 64) { _, _ in
      let noise = UInt8(random.next() % 4)
      return (240 + noise, 240 + noise, 241 + noise)
    }
    let unstained = [
      blank, Picture(64, 64) { _, _ in (0, 0, 0) }, Picture(64, 64) { _, _ in (128, 128, 128) },
      Picture(64, 64) { _, _ in (255, 255, 255) },
    ]
    for picture in unstained {
      #expect(try reason(picture, ["method": method]) == "no tissue was found")
    }
    for picture in [stained(1, 1), stained(3, 2), stained(8, 8)] {
      let text = try reason(picture, ["method": method])
      #expect(text == "no tissue was found" || text.contains("too little stained tissue"))
    }
  }

  @Test func `nothing crashes whatever the options`() throws {
    let odd = [
      stained(1, 1), stained(1, 64), stained(64, 1), Picture(64, 64) { _, _ in (0, 0, 0) },
      Picture(64, 64) { _, _ in (128, 128, 128) }, Picture(64, 64) { _, _ in (255, 255, 255) },
      Picture(64, 64) { _, _ in (200, 100, 150) },
      Picture(64, 64) { x, _ in x < 32 ? (255, 0, 0) : (0, 0, 255) },
      Picture(64, 64) { x, y in (UInt8(4 * x), UInt8(4 * y), 0) },
    ]
    for picture in odd {
      for given in everyMethod {
        for mask in ["none", "saturation", "luminosity"] {
          let calibration = try pair.calibrate(
            picture.overview(), options: options(given.merging(["mask": mask]) { $1 }),
            reference: nil)
          if case .translate(let translator) = calibration.outcome {
            _ = try picture.translated(by: translator)
          }
        }
      }
    }
  }

  @Test func `a single stain fails the gate`() throws {
    let h = SIMD3(0.6, 0.7, 0.39)
    let picture = stained(haematoxylin: h, eosin: h)
    #expect(try reason(picture).contains("implausible"))
    #expect(try reason(picture, ["method": "vahadane"]).contains("implausible"))
  }

  @Test func `an image of NaN is copied`() throws {
    var tile = Tile(
      region: PixelRegion(x: 0, y: 0, width: 64, height: 64), channels: 3, format: .float32)
    for y in 0..<64 {
      tile.withMutableRow(y, columns: 0..<64, as: Float.self) { span in
        for index in span.indices { span[index] = .nan }
      }
    }
    let overview = Overview(
      image: ImageDescription(width: 64, height: 64, channels: 3, format: .float32), reduction: 1,
      pixels: tile)
    let calibration = try pair.calibrate(overview, options: options(), reference: nil)
    guard case .copy(let reason) = calibration.outcome else {
      Issue.record("translated")
      return
    }
    #expect(reason == "no tissue was found")
  }

  @Test func `on-blank=fail is an error instead`() throws {
    let blank = Picture(64, 64) { _, _ in (255, 255, 255) }
    #expect(throws: PairError("no tissue was found")) {
      try pair.calibrate(
        blank.overview(), options: options(["on-blank": "fail"]), reference: nil)
    }
    #expect(throws: PairError("no tissue was found")) {
      try pair.fit(blank.overview(), options: options())
    }
  }

  @Test func `wrong options are refused by name`() {
    #expect(throws: PairError.self) { try options(["method": "magic"]) }
    #expect(throws: PairError.self) { try options(["metod": "macenko"]) }
    let given = ["method": "vahadane", "compat": "torchstain"]
    let error = #expect(throws: PairError.self) {
      try pair.calibrate(stained().overview(), options: options(given), reference: nil)
    }
    #expect(error?.message.contains("torchstain has no method vahadane") == true)
    #expect(error?.message.contains("tessera, tiatoolbox, staintools") == true)
  }

  @Test func `four channels are refused`() {
    let tile = Tile(
      region: PixelRegion(x: 0, y: 0, width: 8, height: 8), channels: 4, format: .uint8)
    let overview = Overview(
      image: ImageDescription(width: 8, height: 8, channels: 4, format: .uint8), reduction: 1,
      pixels: tile)
    #expect(throws: PairError("stains need 3 colour channels, the image has 4")) {
      try pair.calibrate(overview, options: options(), reference: nil)
    }
  }

  @Test(arguments: ["macenko", "vahadane"])
  func `known stains are found again`(method: String) throws {
    let value = try pair.fit(stained(256, 256).overview(), options: options(["method": method]))
    let fit = try Reference(value).appearance
    guard case .stains(let fit) = fit else {
      Issue.record("no stains")
      return
    }
    let expected = StainMatrix(
      haematoxylin: SIMD3(0.6, 0.7, 0.39).unit, eosin: SIMD3(0.2, 0.85, 0.48).unit)
    // The mixture in each pixel keeps the extremes a little inside of the true vectors.
    #expect(fit.stains.haematoxylin.dot(expected.haematoxylin) > 0.995)
    #expect(fit.stains.eosin.dot(expected.eosin) > 0.995)
  }

  @Test(arguments: ["macenko", "reinhard", "vahadane", "ruifrok"])
  func `an image normalized to itself does not change where stains explain it`(method: String)
    throws
  {
    let picture = stained()
    let given = ["method": method, "glass": "keep"]
    let reference = try pair.fit(picture.overview(), options: options(given))
    let output = try picture.translated(by: translator(picture, given, reference: reference))
    let (_, mean) = output.difference(from: picture)
    #expect(mean < (method == "ruifrok" ? 20 : 2))
  }

  @Test func `two laboratories come closer`() throws {
    let target = stained()
    let other = stained(
      haematoxylin: SIMD3(0.5, 0.75, 0.43), eosin: SIMD3(0.35, 0.8, 0.45), strength: 1.4)
    for method in ["macenko", "reinhard", "vahadane"] {
      let given = ["method": method, "glass": "keep"]
      let reference = try pair.fit(target.overview(), options: options(given))
      let output = try other.translated(by: translator(other, given, reference: reference))
      let (before, after) = (
        other.difference(from: target).mean, output.difference(from: target).mean
      )
      #expect(after < 0.8 * before, "\(method): \(before) to \(after)")
    }
  }

  @Test func `the foreground is the tissue at the scale of the overview`() throws {
    let overview = Overview(
      image: ImageDescription(width: 96 * 8, height: 96 * 8, channels: 3, format: .uint8),
      reduction: 8, pixels: stained().tile())
    let calibration = try pair.calibrate(overview, options: options(), reference: nil)
    let foreground = try #require(calibration.foreground)
    #expect(foreground.reduction == 8)
    #expect(abs(foreground.coverage - 0.75) < 0.01)
    #expect(foreground.covers(x: 0, y: 0))
    #expect(!foreground.covers(x: 96 * 8 - 1, y: 0))
    #expect(calibration.summary["tissueShare"]?.number == foreground.coverage)
    #expect(calibration.summary["method"]?.text == "macenko")
  }

  @Test func `the fit is the same at every depth and every time`() throws {
    for given in everyMethod
    where !(given["method"] == "vahadane" && given["compat"] == "tiatoolbox") {
      let bytes = try pair.fit(stained().overview(), options: options(given))
      #expect(try pair.fit(stained().overview(.uint16), options: options(given)) == bytes)
      #expect(try pair.fit(stained().overview(.float32), options: options(given)) == bytes)
    }
  }

  @Test func `the plugin registers itself`() {
    let registry = PluginRegistry()
    register(in: registry)
    #expect(registry.pairs.map(\.description.id) == ["stain-normalization"])
    #expect(pluginABI() == builtPluginABIVersion())
    #expect(pair.description.channels == 3 && pair.description.license == "MIT")
  }
}
