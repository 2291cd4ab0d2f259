import Base
import TestSupport
import Testing

@testable import Metrics

struct VolumeEvaluationTests {
  private let pool = WorkerPool(count: 2)

  private func volume(_ seed: Int, _ width: Int = 30, _ height: Int = 24, _ depth: Int = 5)
    -> FloatVolume
  {
    FloatVolume(
      width: width, height: height, depth: depth,
      values: (0..<width * height * depth).map {
        Float(TestPictures.number($0, seed: seed) * 200 + Double($0 % width) * 9)
      })
  }

  private func mask(_ volume: FloatVolume) -> FloatVolume {
    var mask = volume
    mask.values = mask.values.indices.map { $0 % 7 == 0 || $0 / 720 == 2 ? 0 : 1 }
    return mask
  }

  @Test(arguments: [false, true])
  func `slices have the SSIM of scikit-image, the voxels the errors of numpy`(isMasked: Bool) throws
  {
    let (result, target) = (volume(3), volume(4))
    let mask = isMasked ? mask(target) : nil
    let expected: [Double] = try MetricsOracle.run(
      """
      import sys, json, numpy as np
      from skimage.metrics import structural_similarity
      a, b, m = (np.fromfile(p, "<f8").reshape(5, 24, 30) for p in sys.argv[1:4])
      maps = np.array([structural_similarity(x, y, gaussian_weights=True, sigma=1.5, full=True,
        use_sample_covariance=False, data_range=500)[1] for x, y in zip(a, b)])
      inner = (slice(None), slice(5, -5), slice(5, -5))
      d, m = a - b, m > 0
      mse = (d[m] ** 2).mean()
      print(json.dumps([maps[inner][m[inner]].mean(), abs(d[m]).mean(), mse ** 0.5,
        10 * np.log10(500 ** 2 / mse)]))
      """,
      [
        result.values.map(Double.init), target.values.map(Double.init),
        mask?.values.map(Double.init) ?? target.values.map { _ in 1 },
      ])
    let figures = try VolumeEvaluation(
      [.ssim, .mae, .rmse, .psnr], range: LevelRange(0, 500)
    ).measure(result, against: target, mask: mask, pool: pool)
    for (metric, value) in zip([PairedMetric.ssim, .mae, .rmse, .psnr], expected) {
      #expect(abs((figures.values[metric] ?? 0) / value - 1) < 1e-6, "\(metric) \(figures)")
    }
    #expect(figures.pixels == mask.map { $0.values.count { $0 > 0 } } ?? 3600)
    #expect(figures.notes.isEmpty)
  }

  @Test func `the body of the target counts in HU, all voxels elsewhere`() throws {
    var (result, target) = (volume(3, 40, 40, 3), volume(4, 40, 40, 3))
    for index in target.values.indices where index % 40 < 12 {
      target.values[index] = -1000
      result.values[index] = 500
    }
    let figures = try VolumeEvaluation([.mae, .huMAE]).measure(
      result, against: target, pool: pool)
    let body = try HounsfieldSimilarity().measure(
      result, against: target, mask: BodyMask.find(in: target), wantsMSSSIM: false)
    #expect(figures.values[.huMAE] == body.mae)
    #expect(figures.values[.mae] ?? 0 > 300 && figures.pixels == 4800)
    #expect(figures.notes.count == 1 && figures.notes[0].contains("body"))
  }

  @Test func `narrow slices have no SSIM, and what is no number is counted`() throws {
    var (result, target) = (volume(3, 9, 24, 3), volume(4, 9, 24, 3))
    result.values[3] = .nan
    target.values[4] = .infinity
    let figures = try VolumeEvaluation([.mae, .ssim]).measure(
      result, against: target, pool: pool)
    #expect(figures.values[.ssim] == nil && figures.notes[0].contains("no SSIM"))
    #expect(figures.nonFiniteSamples == 2 && figures.pixels == 9 * 24 * 3 - 2)
    #expect(throws: TesseraError.self) {
      try VolumeEvaluation([.mae]).measure(volume(1), against: volume(1, 30, 24, 6), pool: pool)
    }
  }
}
