import Base
import Foundation
import Inference
import TestSupport
import Testing
import TileIO

@testable import Metrics

private let engine = try? InferenceEngine()

struct PerceptualDistanceTests {
  @Test func `stored features have the distance of the formula`() {
    // Two pixels, two channels: (3, 4) is (0.6, 0.8), (0, 2) is (0, 1); (1, 0) and (1, 1).
    let distance = PerceptualDistance.distance([3, 1, 4, 0], [0, 1, 2, 1], [0.5, 2])
    let half = 0.5.squareRoot()
    let first = 0.5 * 0.36 + 2 * 0.04
    let second = 0.5 * (1 - half) * (1 - half) + 2 * 0.5
    #expect(abs(distance - (first + second) / 2) < 1e-9)
  }

  @Test func `random features have NumPy's distance`() throws {
    let (a, b) = ((0..<600), (0..<600))
    let first = a.map { TestPictures.number($0, seed: 1) }
    let second = b.map { TestPictures.number($0, seed: 2) }
    let weight = (0..<12).map { abs(TestPictures.number($0, seed: 3)) }
    let expected: [Double] = try MetricsOracle.run(
      """
      import sys, json, numpy as np
      a, b = (np.fromfile(p, "<f8").reshape(12, 50) for p in sys.argv[1:3])
      w = np.fromfile(sys.argv[3], "<f8")
      a, b = (v / (np.sqrt((v ** 2).sum(0)) + 1e-10) for v in (a, b))
      print(json.dumps([float((w[:, None] * (a - b) ** 2).sum(0).mean())]))
      """, [first, second, weight])
    let ours = PerceptualDistance.distance(
      first.map(Float.init), second.map(Float.init), weight.map(Float.init))
    #expect(abs(ours / expected[0] - 1) < 1e-5)
  }

  @Test(
    .enabled(if: engine != nil && SharedData.isPresent, "needs OpenVINO and ../shared/data"))
  func `what looks less alike is further away`() throws {
    let distance = try PerceptualDistance(
      SharedData.path("models/onnx_backbones/SqueezeNet_fp16.onnx"),
      heads: SharedData.path("models/lpips_linear/v0.1/squeeze.pth"),
      preprocessing: FeaturePreprocessing.Preset.caffe.preprocessing, engine: try #require(engine))
    #expect(distance.layers.count == 7)
    let path = SharedData.path("stain/camelyon17/centre_0/domain_0_15018.png")
    let other = SharedData.path("stain/camelyon17/centre_1/domain_1_12919.png")
    let image = try ImageFile.open(path)
    let samples = try TestImages.read(image).map(Float.init)
    func noisy(_ strength: Double) -> ArraySource {
      ArraySource(width: 512, height: 512, channels: 3, format: .uint8) { x, y, channel in
        let index = (y * 512 + x) * 3 + channel
        let noise = TestPictures.number(index, seed: 5) * strength
        return Float(max(0, min(255, (Double(samples[index]) + noise).rounded())))
      }
    }
    let same = try distance.measure(ImageFile.open(path), against: ImageFile.open(path))
    let little = try distance.measure(noisy(8), against: ImageFile.open(path))
    let much = try distance.measure(noisy(40), against: ImageFile.open(path))
    let strange = try distance.measure(ImageFile.open(other), against: ImageFile.open(path))
    #expect(same == 0 && little > 0 && much > 2 * little && strange > little)
  }

  @Test(
    .enabled(if: engine != nil && SharedData.isPresent, "needs OpenVINO and ../shared/data"))
  func `heads of another network are refused`() throws {
    let engine = try #require(engine)
    let error = #expect(throws: TesseraError.self) {
      try PerceptualDistance(
        SharedData.path("models/onnx_backbones/SqueezeNet_fp16.onnx"),
        heads: SharedData.path("models/lpips_linear/v0.1/vgg.pth"),
        preprocessing: FeaturePreprocessing(), engine: engine)
    }
    #expect(
      error?.description.contains("heads of [64, 128, 256, 512, 512] channels do not fit") == true)
  }
}
