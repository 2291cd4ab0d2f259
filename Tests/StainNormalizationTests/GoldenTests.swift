import Color
import TesseraPlugin
import TestSupport
import Testing

@testable import StainNormalization

private let isReady = SharedData.isPresent && ExternalTool("vips") != nil

/// Pictures that other packages published.
@Suite(.enabled(if: isReady, "needs the shared test data and the vips program"))
struct GoldenTests {
  private func mean(_ picture: Picture, x: Int, y: Int, width: Int, height: Int) -> SIMD3<Double> {
    var sum = SIMD3<Double>()
    for row in y..<(y + height) {
      for column in x..<(x + width) {
        let offset = 3 * (row * picture.width + column)
        sum += SIMD3(
          Double(picture.samples[offset]), Double(picture.samples[offset + 1]),
          Double(picture.samples[offset + 2]))
      }
    }
    return sum / Double(width * height)
  }

  // The result is a figure with four panels drawn without filtering; the one at the top right,
  // 224 x 168 px at (351, 58), shows source fitted to target. Means of its quarters are compared.
  @Test func `torchstain's figure shows the same colors`() throws {
    let folder = SharedData.path("stain/references/torchstain")
    let (source, target) = try (
      Picture(contentsOf: folder + "/source.png"), Picture(contentsOf: folder + "/target.png")
    )
    let figure = try Picture(contentsOf: folder + "/result.png")
    let given = ["compat": "torchstain"]
    let reference = try pair.fit(target.overview(), options: options(given))
    let output = try source.translated(by: translator(source, given, reference: reference))
    for column in 0..<2 {
      for row in 0..<2 {
        let ours = mean(output, x: column * 292, y: row * 219, width: 292, height: 219)
        let theirs = mean(figure, x: 351 + column * 112, y: 58 + row * 84, width: 112, height: 84)
        #expect((ours - theirs).length < 2.5, "\(ours) and \(theirs)")
      }
    }
    let whole = mean(output, x: 0, y: 0, width: 584, height: 438)
    let panel = mean(figure, x: 351, y: 58, width: 224, height: 168)
    #expect((whole - panel).length < 1, "\(whole) and \(panel)")
  }

  // WSI_Normalizer stretches the brightness of target and source first, so that 10 % of the samples
  // are white, and goes on as StainTools does. Its results are JPEG files.
  private func stretched(_ picture: Picture) throws -> Picture {
    let high = try #require(percentile(90, of: picture.samples.map(Double.init)))
    var result = picture
    result.samples = picture.samples.map { UInt8(min(255, Double($0) * 255 / high)) }
    return result
  }

  @Test(arguments: [("macenko", 4.0), ("reinhard", 3.0)])
  func `WSI_Normalizer's pictures are met`(method: String, bound: Double) throws {
    let folder = SharedData.path("stain/references/wsi_normalizer")
    let given = ["method": method, "compat": "staintools"]
    let target = try stretched(Picture(contentsOf: folder + "/standard.jpg"))
    let reference = try pair.fit(target.overview(), options: options(given))
    for name in ["eg_1.jpg", "eg_2.jpg"] {
      let source = try stretched(Picture(contentsOf: "\(folder)/origin/eg_slide_1/\(name)"))
      let expected = try Picture(contentsOf: "\(folder)/norm/\(method)/\(name)")
      let output = try source.translated(by: translator(source, given, reference: reference))
      #expect(output.difference(from: expected).mean < bound)
    }
  }

  @Test(arguments: cases(["macenko"], slow: ["reinhard", "vahadane", "ruifrok"]))
  func `five hospitals come closer to each other`(method: String) throws {
    let names = [
      "centre_0/domain_0_7810", "centre_1/domain_1_701", "centre_2/domain_2_1951",
      "centre_3/domain_3_24502", "centre_4/domain_4_11631",
    ]
    func spread(_ colors: [SIMD3<Double>]) -> Double {
      let center = colors.reduce(SIMD3(), +) / Double(colors.count)
      let squares = colors.reduce(0) { $0 + ($1 - center).dot($1 - center) }
      return (squares / Double(colors.count)).squareRoot()
    }
    var (before, after) = ([SIMD3<Double>](), [SIMD3<Double>]())
    for name in names {
      let picture = try Picture(contentsOf: SharedData.path("stain/camelyon17/\(name).png"))
      let output = try picture.translated(by: translator(picture, ["method": method]))
      before.append(LabFit(picture.samples, inBytes: false).means)
      after.append(LabFit(output.samples, inBytes: false).means)
    }
    #expect(spread(after) < 0.7 * spread(before))
  }
}
