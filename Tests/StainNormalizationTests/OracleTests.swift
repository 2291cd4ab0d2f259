import Base
import Color
import Foundation
import TesseraPlugin
import TestSupport
import Testing

@testable import StainNormalization

private let python = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
  .flatMap { ExternalTool($0) }

/// Other people's code on real tiles of five hospitals: `TESSERA_ORACLE_PYTHON` names a Python with
/// torchstain, OpenCV, scikit-learn and scikit-image.
@Suite(
  .tags(.slow), .whenSlow,
  .enabled(
    if: SharedData.isPresent && python != nil && ExternalTool("vips") != nil,
    "needs the shared test data, TESSERA_ORACLE_PYTHON and the vips program"))
struct OracleTests {
  /// Runs a method of the oracle, target first, and returns its pictures.
  private func oracle(_ script: String, _ pictures: [Picture]) throws -> [Picture] {
    let folder = try TemporaryDirectory()
    for (index, picture) in pictures.enumerated() {
      try picture.ppm.write(to: folder.url.appending(path: "in\(index).ppm"))
    }
    let program = """
      import cv2, sys, numpy as np
      folder, count = sys.argv[1], int(sys.argv[2])
      def read(i): return cv2.cvtColor(cv2.imread(f"{folder}/in{i}.ppm"), cv2.COLOR_BGR2RGB)
      def write(i, x): cv2.imwrite(f"{folder}/out{i}.ppm", cv2.cvtColor(x, cv2.COLOR_RGB2BGR))
      \(script)
      """
    let result = try #require(python).run(["-c", program, folder.url.path, "\(pictures.count)"])
    try #require(result.status == 0, "\(result.errors)")
    return try (1..<pictures.count).map {
      try Picture(ppm: [UInt8](Data(contentsOf: folder.url.appending(path: "out\($0).ppm"))))
    }
  }

  private func tiles() throws -> [Picture] {
    try [
      "centre_1/domain_1_701", "centre_0/domain_0_7810", "centre_1/domain_1_2680",
      "centre_2/domain_2_1951", "centre_3/domain_3_24502", "centre_4/domain_4_11631",
    ].map { try Picture(contentsOf: SharedData.path("stain/camelyon17/\($0).png")) }
  }

  private func compare(
    _ given: [String: String], with script: String, most: Int, mean: Double
  ) throws {
    let pictures = try tiles()
    let expected = try oracle(script, pictures)
    let reference = try pair.fit(pictures[0].overview(), options: options(given))
    for (picture, expected) in zip(pictures.dropFirst(), expected) {
      let output = try picture.translated(by: translator(picture, given, reference: reference))
      let difference = output.difference(from: expected)
      #expect(difference.most <= most && difference.mean < mean, "\(given): \(difference)")
    }
  }

  // The default fit, written in NumPy and SciPy by its measurements.
  @Test func `the default fit is that of its reference`() throws {
    let peers = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../Benchmarks/peers"
    ).standardizedFileURL.path
    let script = """
      sys.path.insert(0, "\(peers)")
      from stain_fit import translate
      for i in range(1, count): write(i, translate(read(i))[0])
      """
    var pictures = try tiles()
    pictures += [stained(192, 192, seed: 3), stained(192, 192, seed: 5, strength: 0.6)]
    for lamp in [SIMD3(0.99, 0.96, 0.82), SIMD3(0.5, 0.5, 0.5)] {
      var picture = stained(192, 192, seed: 7)
      for index in picture.samples.indices {
        picture.samples[index] = UInt8(Double(picture.samples[index]) * lamp[index % 3])
      }
      pictures.append(picture)
    }
    for (picture, expected) in zip(pictures.dropFirst(), try oracle(script, pictures)) {
      let output = try picture.translated(by: translator(picture))
      let difference = output.difference(from: expected)
      #expect(difference.most <= 1 && difference.mean < 0.01, "\(difference)")
    }
  }

  @Test func `torchstain's Macenko differs by at most one level, in ties`() throws {
    let script = """
      from torchstain.numpy.normalizers import NumpyMacenkoNormalizer
      n = NumpyMacenkoNormalizer(); n.fit(read(0))
      for i in range(1, count): write(i, n.normalize(read(i), stains=False)[0])
      """
    try compare(["compat": "torchstain"], with: script, most: 1, mean: 0.001)
  }

  @Test func `torchstain's built-in target gives the same picture`() throws {
    let script = """
      from torchstain.numpy.normalizers import NumpyMacenkoNormalizer
      for i in range(1, count):
        write(i, NumpyMacenkoNormalizer().normalize(read(i), stains=False)[0])
      """
    let pictures = try tiles()
    for (picture, expected) in zip(pictures.dropFirst(), try oracle(script, pictures)) {
      let output = try picture.translated(by: translator(picture, ["compat": "torchstain"]))
      let difference = output.difference(from: expected)
      #expect(difference.most <= 1 && difference.mean < 0.001)
    }
  }

  @Test func `torchstain's Reinhard differs by at most one level`() throws {
    let script = """
      from torchstain.numpy.normalizers import NumpyReinhardNormalizer
      n = NumpyReinhardNormalizer(); n.fit(read(0))
      for i in range(1, count): write(i, n.normalize(read(i)))
      """
    try compare(
      ["compat": "torchstain", "method": "reinhard"], with: script, most: 1, mean: 0.05)
  }

  // tiatoolbox does not install beside torchstain everywhere: the steps below are what its
  // documentation states, in NumPy, OpenCV and scikit-image.
  private static let tiatoolbox = """
    from skimage import exposure
    def density(x): return np.maximum(-np.log(np.maximum(x, 1) / 255), 1e-6).reshape(-1, 3)
    def mask(x):
      low, high = np.percentile(x, (2, 98))
      y = exposure.rescale_intensity(x, in_range=(low, high), out_range=(0., 255.))
      lab = cv2.cvtColor(y.astype(np.uint8), cv2.COLOR_RGB2LAB)
      return (lab[..., 0] / 255 < 0.8).ravel()
    def transform(stains, target, x):
      t, s = stains(target), stains(x)
      c = lambda x, m: np.linalg.lstsq(m.T, density(x).T, rcond=-1)[0].T
      most = lambda x, m: np.percentile(c(x, m), 99, axis=0)
      y = 255 * np.exp(-(c(x, s) * most(target, t) / most(x, s)) @ t)
      return np.clip(y, 0, 255).reshape(x.shape).astype(np.uint8)

    """

  @Test func `tiatoolbox's Macenko differs by at most one level, in ties`() throws {
    let script =
      Self.tiatoolbox + """
        def stains(x):
          d = density(x)[mask(x)]
          v = np.linalg.eigh(np.cov(d, rowvar=False))[1][:, [2, 1]]
          v = v * np.where(v[0] < 0, -1, 1)
          p = d @ v
          angles = np.percentile(np.arctan2(p[:, 1], p[:, 0]), (1, 99))
          a, b = (v @ np.array([np.cos(f), np.sin(f)]) for f in angles)
          m = np.array([a, b] if a[0] > b[0] else [b, a])
          return m / np.linalg.norm(m, axis=1)[:, None]
        for i in range(1, count): write(i, transform(stains, read(0), read(i)))
        """
    try compare(["compat": "tiatoolbox"], with: script, most: 1, mean: 0.001)
  }

  @Test func `tiatoolbox's Ruifrok differs by at most one level, in ties`() throws {
    let script =
      Self.tiatoolbox + """
        m = np.array([[0.65, 0.70, 0.29], [0.07, 0.99, 0.11]])
        for i in range(1, count): write(i, transform(lambda x: m, read(0), read(i)))
        """
    try compare(
      ["compat": "tiatoolbox", "method": "ruifrok"], with: script, most: 1, mean: 0.001)
  }

  @Test(arguments: ["tiatoolbox", "staintools"])
  func `Reinhard in OpenCV's bytes differs by a tenth of a level on average`(
    conventions: String
  ) throws {
    let script = """
      def lab(x): return cv2.cvtColor(x, cv2.COLOR_RGB2LAB).astype(np.float32)
      t = lab(read(0)).reshape(-1, 3)
      for i in range(1, count):
        x = lab(read(i)); s = x.reshape(-1, 3)
        y = (x - s.mean(0)) * (t.std(0) / s.std(0)) + t.mean(0)
        write(i, cv2.cvtColor(np.clip(y, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB))
      """
    try compare(
      ["compat": conventions, "method": "reinhard"], with: script, most: 8, mean: 0.1)
  }

  @Test func `OpenCV's bytes of Lab are met within one`() throws {
    var random = SeededNumbers(state: 9)
    let picture = Picture(512, 512) { _, _ in
      let bits = random.next()
      return (
        UInt8(truncatingIfNeeded: bits), UInt8(truncatingIfNeeded: bits >> 8),
        UInt8(truncatingIfNeeded: bits >> 16)
      )
    }
    let script = "write(1, cv2.cvtColor(read(1), cv2.COLOR_RGB2LAB))"
    let expected = try oracle(script, [picture, picture])[0]
    let lab = ByteLab()
    var ours = picture
    for index in 0..<(512 * 512) {
      let bytes = lab.bytes(
        picture.samples[3 * index], picture.samples[3 * index + 1], picture.samples[3 * index + 2])
      ours.samples.replaceSubrange(
        (3 * index)..<(3 * index + 3), with: [bytes.0, bytes.1, bytes.2])
    }
    let difference = ours.difference(from: expected)
    #expect(difference.most <= 1 && difference.mean < 0.001)
  }

  @Test func `scikit-learn's transposed dictionary is met`() throws {
    let script =
      Self.tiatoolbox + """
        from sklearn.decomposition import DictionaryLearning
        for i in range(1, count):
          d = density(read(i))[mask(read(i))]
          k = DictionaryLearning(n_components=2, alpha=0.1, transform_alpha=0.1,
            fit_algorithm="lars", transform_algorithm="lasso_lars", positive_dict=True,
            max_iter=3, transform_max_iter=1000)
          m = k.fit_transform(d.T).T
          m = m[[1, 0]] if m[0, 0] < m[1, 0] else m
          m = m / np.linalg.norm(m, axis=1)[:, None]
          write(i, np.clip(128 + 100 * m, 0, 255).round().astype(np.uint8).reshape(1, 2, 3))
        """
    let pictures = try tiles()
    for (picture, expected) in zip(pictures.dropFirst(), try oracle(script, pictures)) {
      let sample = FitSample(FitPixels(picture.tile()), conventions: .tiatoolbox)
      let stains = transposedDictionaryStains(
        sample.tissue, density: DensityTable(Conventions.tiatoolbox.density))
      for (ours, theirs) in zip(stains.haematoxylin.list + stains.eosin.list, expected.samples) {
        #expect(abs(128 + 100 * ours - Double(theirs)) < 1.5)
      }
    }
  }
}
