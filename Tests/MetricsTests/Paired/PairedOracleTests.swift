import Base
import Foundation
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@testable import Metrics

/// The same pairs measured by scikit-image and SciPy.
struct PairedOracleTests {
  private let pool = WorkerPool(count: 2)

  private func compare(
    _ first: [Float], _ second: [Float], width: Int, height: Int, channels: Int,
    format: SampleFormat = .uint8, tolerance: Double = 1e-6
  ) throws {
    let white = Int(format.white)
    let expected: [String: Double] = try MetricsOracle.run(
      MetricsOracle.pairs, [first.map(Double.init), second.map(Double.init)],
      [height, width, channels, white])
    func source(_ samples: [Float]) -> ArraySource {
      ArraySource(samples, width: width, height: height, channels: channels, format: format)
    }
    let figures = try PairedEvaluation(PairedEvaluationTests.streamed).measure(
      source(first), against: source(second), pool: pool)
    var ours = figures.values.map { ($0.rawValue, $1) }
    var surveys: [SetSurvey] = []
    for samples in [first, second] {
      var survey = SetSurvey([.histogram, .color])
      try survey.add("test", pool: pool) { source(samples) }
      surveys.append(survey)
    }
    ours += try SetComparison(surveys[0], surveys[1]).figures.map { ($0.name, $0.value) }
    let names = Set(ours.map(\.0))
    #expect(names.isSuperset(of: expected.keys), "\(expected.keys)")
    for (name, value) in ours {
      guard let number = expected[name] else { continue }
      #expect(
        abs(value - number) <= tolerance * max(1, abs(number)), "\(name): \(value), \(number)")
    }
  }

  /// Both ends of the range occur, so that scikit-image's bins are those of the data range.
  private func noise(_ count: Int, seed: Int, top: Float) -> [Float] {
    var samples = (0..<count).map { index in
      let smooth = sin(Double(index) / 97) * 0.4
      let value = 0.5 + smooth + TestPictures.number(index, seed: seed) * 0.2
      return Float((max(0, min(1, value)) * Double(top)).rounded())
    }
    (samples[0], samples[1]) = (0, top)
    return samples
  }

  @Test(arguments: [(201, 190, 3), (64, 33, 3), (11, 11, 1), (530, 40, 1), (97, 250, 2)])
  func `8 bits`(size: (width: Int, height: Int, channels: Int)) throws {
    let count = size.width * size.height * size.channels
    try compare(
      noise(count, seed: 1, top: 255), noise(count, seed: 2, top: 255), width: size.width,
      height: size.height, channels: size.channels)
  }

  @Test func `16 bits in color`() throws {
    let count = 190 * 180 * 3
    try compare(
      noise(count, seed: 3, top: 65535), noise(count, seed: 4, top: 65535), width: 190, height: 180,
      channels: 3, format: .uint16)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data or TESSERA_TEST_DATA"))
  func `tiles of two hospitals`() throws {
    func samples(_ path: String) throws -> [Float] {
      let source = try ImageFile.open(SharedData.path(path))
      #expect(source.info.width == 512 && source.info.channels == 3)
      return try TestImages.read(source).map(Float.init)
    }
    try compare(
      samples("stain/camelyon17/centre_0/domain_0_15018.png"),
      samples("stain/camelyon17/centre_1/domain_1_12919.png"), width: 512, height: 512, channels: 3,
      // Levels 0 and 255 do not both occur, so scikit-image's bins are others.
      tolerance: 1e-5)
  }

  @Test func `CIEDE2000 is scikit-image's for any two colors`() throws {
    let colors = (0..<3000).map { index in
      let scale = index % 3 == 0 ? 60.0 : 110
      return index % 3 == 0
        ? 50 + TestPictures.number(index, seed: 9) * 50
        : (index % 7 == 0 ? 0 : TestPictures.number(index, seed: 9) * scale)
    }
    let expected: [Double] = try MetricsOracle.run(
      """
      import sys, json, numpy as np
      from skimage.color import deltaE_ciede2000
      v = np.fromfile(sys.argv[1], "<f8").reshape(-1, 2, 3)
      print(json.dumps(deltaE_ciede2000(v[:, 0], v[:, 1]).tolist()))
      """, [colors])
    for (index, number) in expected.enumerated() {
      func lab(_ place: Int) -> SIMD3<Double> {
        SIMD3(colors[place], colors[place + 1], colors[place + 2])
      }
      let ours = ColorDifference.ciede2000(lab(6 * index), lab(6 * index + 3))
      #expect(abs(ours - number) < 1e-9, "\(lab(6 * index)) \(lab(6 * index + 3))")
    }
  }
}
