import Base
import Color
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import StainNormalization

/// What is no slide of haematoxylin and eosin is never made to look like one.
struct PlausibleSlideTests {
  /// DAB of Ruifrok and Johnston, as QuPath and scikit-image have it.
  static let dab = SIMD3(0.27, 0.57, 0.78)
  /// AEC, the red chromogen.
  static let aec = SIMD3(0.27, 0.68, 0.68)

  private func reason(_ picture: Picture, _ given: [String: String] = [:]) throws -> String? {
    let calibration = try pair.calibrate(
      picture.overview(), options: options(given), reference: nil)
    guard case .copy(let reason) = calibration.outcome else { return nil }
    return reason
  }

  /// Blobs of light that fade into a dark ground.
  private func fluorescence(
    _ light: SIMD3<Double>, ground: SIMD3<Double> = SIMD3(0, 4, 12), seed: UInt64 = 3
  ) -> Picture {
    var random = SeededNumbers(state: seed)
    let places = (0..<12).map { _ in
      (Double.random(in: 0..<128, using: &random), Double.random(in: 0..<128, using: &random))
    }
    return Picture(128, 128) { x, y in
      let strength = places.reduce(0.0) { sum, place in
        let (dx, dy) = (Double(x) - place.0, Double(y) - place.1)
        return sum + exponential(-(dx * dx + dy * dy) / 150)
      }
      let level = (0..<3).map { UInt8(min(255, ground[$0] + strength * light[$0])) }
      return (level[0], level[1], level[2])
    }
  }

  @Test(
    arguments: [
      SIMD3(0.0, 20, 200), SIMD3(10, 180, 10), SIMD3(230, 30, 0), SIMD3(20, 255, 40),
      SIMD3(160, 150, 190),
    ], everyMethod)
  func `fluorescence is copied with the reason, whatever the method`(
    light: SIMD3<Double>, given: [String: String]
  ) throws {
    let text = try reason(fluorescence(light), given)
    #expect(text?.contains("not brightfield") == true, "\(text ?? "translated")")
  }

  @Test func `fluorescence on a ground that is not black is copied`() throws {
    let picture = fluorescence(SIMD3(120, 120, 170), ground: SIMD3(40, 40, 45))
    #expect(try reason(picture)?.contains("not brightfield") == true)
  }

  @Test func `a map of colors is copied`() throws {
    let picture = Picture(96, 96) { x, y in x / 12 % 2 == 0 ? (0, 0, 0) : (0, 0, 255) }
    #expect(try reason(picture)?.contains("one colour") == true)
  }

  @Test(arguments: [0.3, 1, 2], everyMethod)
  func `tissue with a brown chromogen is copied with the reason`(
    strength: Double, given: [String: String]
  ) throws {
    for chromogen in [Self.dab, Self.aec] {
      let picture = stained(
        haematoxylin: SIMD3(0.65, 0.70, 0.29), eosin: chromogen, strength: strength)
      let text = try reason(picture, given)
      #expect(text?.contains("not haematoxylin and eosin") == true, "\(text ?? "translated")")
    }
  }

  @Test func `rare brown nuclei among blue ones are enough`() throws {
    var random = SeededNumbers(state: 8)
    let picture = Picture(128, 128) { x, _ in
      guard x < 96 else { return (243, 243, 243) }
      let isBrown = Double.random(in: 0..<1, using: &random) < 0.08
      let h = Double.random(in: 0.2..<1, using: &random) * SIMD3(0.65, 0.70, 0.29)
      let density = isBrown ? Self.dab : h
      let level = (0..<3).map { UInt8((243 * exponential(-density[$0])).rounded()) }
      return (level[0], level[1], level[2])
    }
    #expect(try reason(picture)?.contains("brown, as DAB is") == true)
  }

  @Test func `neither fluorescence nor a chromogen becomes a reference, nor passes with on-blank`()
  {
    let brown = stained(haematoxylin: SIMD3(0.65, 0.70, 0.29), eosin: Self.dab)
    for picture in [fluorescence(SIMD3(0, 20, 200)), brown] {
      #expect(throws: PairError.self) { try pair.fit(picture.overview(), options: options()) }
      #expect(throws: PairError.self) {
        try pair.calibrate(
          picture.overview(), options: options(["on-blank": "fail"]), reference: nil)
      }
    }
  }

  /// Pale, dense, on dark glass, between black margins: all of it is H&E.
  @Test(arguments: everyMethod.filter { $0["compat"] == "tessera" })
  func `slides of H&E pass`(given: [String: String]) throws {
    for strength in [0.5, 1, 1.8] {
      #expect(try reason(stained(seed: 4, strength: strength), given) == nil)
    }
    let bright = stained(seed: 6)
    let dark = Picture(
      width: bright.width, height: bright.height,
      samples: bright.samples.map { UInt8(Int($0) * 150 / 255) })
    #expect(try reason(dark, given) == nil)
    var padded = bright
    for index in 0..<(3 * 96 * 50) { padded.samples[index] = 0 }
    #expect(try reason(padded, given) == nil)
  }

  /// Five laboratories and two looks, from real scanners.
  @Test(.tags(.slow), .whenSlow, .enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `real tiles of H&E pass, and real H-DAB does not`() throws {
    var files: [String] = []
    for folder in (0..<5).map({ "stain/camelyon17/centre_\($0)" })
      + ["stain/dsb2018/purple_bg", "stain/dsb2018/white_bg"]
    {
      files += try FileManager.default.contentsOfDirectory(atPath: SharedData.path(folder))
        .map { SharedData.path("\(folder)/\($0)") }
    }
    try #require(files.count > 80)
    for file in files {
      let pixels = FitPixels(try Picture(contentsOf: file).tile())
      #expect(PlausibleSlide.lightFault(of: pixels) == nil, "\(file)")
      for density in [0.5, 1.6, 2.2] {
        let levels = (0..<256).map { UInt8(255 * pow(Double($0) / 255, density)) }
        let changed = Picture(
          width: pixels.width, height: pixels.height,
          samples: pixels.samples.map { levels[Int($0)] })
        #expect(LightSpread(FitPixels(changed.tile()))?.isEmission == false, "\(density): \(file)")
      }
      let glass = Glass(pixels)
      let mask = TissueMask(pixels.balanced(glass ?? Glass()), score: .saturation)
      let tissue = StainedTissue(pixels, mask: mask, glass: glass)
      #expect(PlausibleSlide.stainFault(of: tissue) == nil, "\(file)")
    }
    let brown = try Picture(contentsOf: SharedData.path("stain/ihc/ihc.png"))
    #expect(try reason(brown)?.contains("not haematoxylin and eosin") == true)
  }
}
