import Base
import Color
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import StainNormalization

/// Light that a specimen adds is told from light that it takes away.
struct LightSpreadTests {
  private func reason(_ picture: Picture, _ given: [String: String] = [:]) throws -> String? {
    let calibration = try pair.calibrate(
      picture.overview(), options: options(given), reference: nil)
    guard case .copy(let reason) = calibration.outcome else { return nil }
    return reason
  }

  /// Round nuclei in wide cytoplasm, each with its light, on a gray ground.
  private func cells(
    nuclei: SIMD3<Double>, cytoplasm: SIMD3<Double>, ground: Double, seed: UInt64 = 5
  ) -> Picture {
    var random = SeededNumbers(state: seed)
    func places(_ count: Int) -> [(Double, Double)] {
      (0..<count).map { _ in
        (Double.random(in: 0..<128, using: &random), Double.random(in: 0..<128, using: &random))
      }
    }
    let (small, large) = (places(40), places(24))
    func strength(_ places: [(Double, Double)], _ x: Int, _ y: Int, _ area: Double) -> Double {
      min(
        1,
        places.reduce(0.0) { sum, place in
          let (dx, dy) = (Double(x) - place.0, Double(y) - place.1)
          return sum + exponential(-(dx * dx + dy * dy) / area)
        })
    }
    return Picture(128, 128) { x, y in
      let (inner, outer) = (strength(small, x, y, 30), strength(large, x, y, 250))
      let noise = Double.random(in: -4..<4, using: &random)
      let level = (0..<3).map {
        UInt8(saturating: ground + noise + inner * nuclei[$0] + outer * cytoplasm[$0])
      }
      return (level[0], level[1], level[2])
    }
  }

  /// A picture of `color` for a share of stain or light from 0 to 1, on `rest`.
  private func ramp(
    rest: (UInt8, UInt8, UInt8) = (128, 128, 128), _ color: (Double) -> SIMD3<Double>
  ) -> Picture {
    Picture(64, 64) { x, y in
      guard y < 32 else { return rest }
      let level = color(Double(x + y) / 95)
      return (UInt8(level.x), UInt8(level.y), UInt8(level.z))
    }
  }

  @Test(arguments: [5.0, 15, 25, 40, 60, 90])
  func `blue nuclei in red cytoplasm are copied, whatever the ground`(ground: Double) throws {
    let picture = cells(
      nuclei: SIMD3(30, 40, 200), cytoplasm: SIMD3(180, 40, 10), ground: ground)
    let text = try reason(picture)
    #expect(text?.contains("not brightfield") == true, "\(text ?? "translated")")
  }

  @Test(arguments: everyMethod)
  func `nuclei alone on a gray ground are copied, whatever the method`(
    given: [String: String]
  ) throws {
    let picture = cells(
      nuclei: SIMD3(20, 40, 160), cytoplasm: SIMD3(0, 0, 0), ground: 90)
    let text = try reason(picture, given)
    #expect(text?.contains("not brightfield") == true, "\(text ?? "translated")")
  }

  @Test func `stain varies most in the least channel, light in the brightest`() throws {
    let stain = try #require(
      LightSpread(FitPixels(ramp { 240 * SIMD3(1 - 0.3 * $0, 1 - 0.8 * $0, 1 - 0.5 * $0) }.tile())))
    #expect(!stain.isEmission)
    let light = try #require(
      LightSpread(FitPixels(ramp { 40 + $0 * SIMD3(30, 60, 200) }.tile())))
    #expect(light.isEmission)
    #expect(light.brightest.upperBound > 200 && light.minimum.upperBound < 75)
  }

  @Test func `gray and clipped pixels do not count, and few pixels tell nothing`() throws {
    let color = { (share: Double) in 40 + share * SIMD3(30, 60, 200) }
    let alone = LightSpread(FitPixels(ramp(color).tile()))
    #expect(alone != nil)
    for rest: (UInt8, UInt8, UInt8) in [(0, 0, 0), (40, 30, 30), (243, 240, 245), (255, 20, 90)] {
      #expect(LightSpread(FitPixels(ramp(rest: rest, color).tile())) == alone)
    }
    #expect(LightSpread(FitPixels(Picture(64, 64) { _, _ in (40, 50, 60) }.tile())) == nil)
    #expect(LightSpread(FitPixels(Picture(15, 17) { _, _ in (40, 50, 160) }.tile())) == nil)
  }

  @Test func `the noise of one color is no light`() throws {
    var random = SeededNumbers(state: 2)
    let flat = Picture(64, 64) { _, _ in
      (UInt8.random(in: 214...226, using: &random), 150, 172)
    }
    #expect(try #require(LightSpread(FitPixels(flat.tile()))).isEmission == false)
  }

  /// Dense tissue without glass, in uneven light, in dark margins: all of it is H&E.
  @Test func `H&E passes in poor light`() throws {
    for strength in [0.5, 1, 1.8] {
      let slide = stained(seed: 9, strength: strength)
      let uneven = Picture(slide.width, slide.height) { x, y in
        let (dx, dy) = (Double(x) / 48 - 1, Double(y) / 48 - 1)
        let light = 1 - 0.25 * (dx * dx + dy * dy)
        let level = slide.samples[(3 * (96 * y + x))...].prefix(3).map { UInt8(Double($0) * light) }
        return (level[0], level[1], level[2])
      }
      #expect(try reason(uneven) == nil)
      let margin = Picture(128, 128) { x, y in
        guard (16..<112).contains(x), (16..<112).contains(y) else { return (30, 26, 42) }
        let tissue = (x - 16) % 72
        let level = Array(slide.samples[(3 * (96 * (y - 16) + tissue))...].prefix(3))
        return (level[0], level[1], level[2])
      }
      #expect(try reason(margin) == nil)
    }
  }
}
