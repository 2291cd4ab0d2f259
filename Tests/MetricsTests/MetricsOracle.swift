import Foundation
import TestSupport
import Testing

/// The outside view of the figures: scikit-image, SciPy and NumPy, in the Python that
/// `TESSERA_ORACLE_PYTHON` names.
enum MetricsOracle {
  static let python = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
    .flatMap { ExternalTool($0) }

  /// Runs a program on arrays, which it finds as files of 64-bit floats named in `sys.argv[1:]`,
  /// behind them the other arguments; it prints JSON, which is stored.
  static func run<Answer: Decodable>(
    _ program: String, _ arrays: [[Double]], _ arguments: [Int] = []
  ) throws -> Answer {
    let data = arrays.map { array in array.withUnsafeBytes { Data($0) } }
    let texts = [program] + arguments.map { "\($0)" }
    return try StoredAnswers.answer(
      "metrics", to: texts.map { Data($0.utf8) } + data, isPresent: python != nil
    ) {
      let folder = try TemporaryDirectory()
      var paths: [String] = []
      for (index, data) in data.enumerated() {
        let url = folder.url.appending(path: "\(index)")
        try data.write(to: url)
        paths.append(url.path)
      }
      let result = try #require(python).run(["-c", program] + paths + arguments.map { "\($0)" })
      try #require(result.status == 0, "\(result.errors)")
      return result.output
    }
  }

  /// All paired figures of two images: height, width, channels, white.
  static let pairs = """
    import sys, json, warnings, numpy as np
    warnings.simplefilter("ignore")
    from scipy.ndimage import gaussian_filter
    from scipy.stats import wasserstein_distance
    from skimage.color import rgb2lab, deltaE_cie76, deltaE_ciede2000
    from skimage.filters import sobel
    from skimage.metrics import (peak_signal_noise_ratio, structural_similarity,
      mean_squared_error, normalized_mutual_information)
    h, w, c, white = map(int, sys.argv[3:7])
    a, b = (np.fromfile(p, "<f8").reshape(h, w, c) for p in sys.argv[1:3])
    options = dict(gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=white)
    def ssim(x, y): return structural_similarity(x, y, **options)
    def mean(f): return float(np.mean([f(a[..., i], b[..., i]) for i in range(c)]))
    def ms_ssim(x, y):
      weights, product = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333], 1.0
      f = lambda v: gaussian_filter(v, 1.5, truncate=3.5)[5:-5, 5:-5]
      for k, weight in enumerate(weights):
        ux, uy = f(x), f(y)
        vx, vy, vxy = f(x * x) - ux * ux, f(y * y) - uy * uy, f(x * y) - ux * uy
        c1, c2 = (0.01 * white) ** 2, (0.03 * white) ** 2
        s = (2 * vxy + c2) / (vx + vy + c2)
        if k == 4: s = s * (2 * ux * uy + c1) / (ux * ux + uy * uy + c1)
        product *= max(0, s.mean()) ** weight
        n, m = x.shape[0] // 2 * 2, x.shape[1] // 2 * 2
        x, y = (v[:n, :m].reshape(n // 2, 2, m // 2, 2).mean((1, 3)) for v in (x, y))
      return product
    out = dict(
      psnr=peak_signal_noise_ratio(a, b, data_range=white),
      ssim=mean(ssim), mae=float(np.abs(a - b).mean()),
      rmse=float(np.sqrt(mean_squared_error(a, b))),
      nmi=float(normalized_mutual_information(a, b, bins=100)))
    grey = [v @ [0.2126, 0.7152, 0.0722] if c == 3 else v[..., 0] for v in (a, b)]
    out["grey-ssim"] = float(ssim(*grey))
    out["edge-ssim"] = float(ssim(*[sobel(v) for v in grey]))
    if min(h, w) >= 176: out["ms-ssim"] = mean(ms_ssim)
    hists = [[np.histogram(v[..., i], bins=256, range=(0, white))[0] for i in range(c)] for v in (a, b)]
    out["histogram"] = mean(lambda x, y: wasserstein_distance(x.ravel(), y.ravel()))
    if white == 255:
      out["histogram-correlation"] = float(np.mean(
        [np.corrcoef(p, q)[0, 1] for p, q in zip(*hists)]))
    if c == 3:
      lab = [rgb2lab(v / white) for v in (a, b)]
      out["delta-e-76"] = float(deltaE_cie76(*lab).mean())
      out["delta-e"] = float(deltaE_ciede2000(*lab).mean())
      means, sds = ([f(v.reshape(-1, 3), axis=0) for v in lab] for f in (np.mean, np.std))
      out["colour"] = float(np.linalg.norm(means[0] - means[1]))
      out["colour-spread"] = float(np.linalg.norm(sds[0] - sds[1]))
    print(json.dumps(out))
    """

  /// clean-fid's formulas: features, images in each set.
  static let features = """
    import sys, json, numpy as np
    from scipy.linalg import sqrtm
    d = int(sys.argv[3])
    x, y = (np.fromfile(p, "<f8").reshape(-1, d) for p in sys.argv[1:3])
    def fid(x, y):
      mu1, mu2 = x.mean(0), y.mean(0)
      s1, s2 = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
      root = sqrtm(s1.dot(s2))
      root = root[0] if isinstance(root, tuple) else root
      return float(((mu1 - mu2) ** 2).sum() + np.trace(s1) + np.trace(s2) - 2 * np.trace(root.real))
    def kid(x, y):
      n, m = x.shape[1], min(len(x), len(y))
      x, y = x[:m], y[:m]
      a = (x @ x.T / n + 1) ** 3 + (y @ y.T / n + 1) ** 3
      b = (x @ y.T / n + 1) ** 3
      return float(((a.sum() - np.diag(a).sum()) / (m - 1) - b.sum() * 2 / m) / m)
    print(json.dumps([fid(x, y), kid(x, y)]))
    """

  /// The definitions of SynthRAD 2025's image_metrics.py: depth, height, width, greatest HU.
  static let volumes = """
    import sys, json, numpy as np
    \(SynthRADProgram.definition)
    shape, high = tuple(map(int, sys.argv[4:7])), float(sys.argv[7])
    arrays = [np.fromfile(p, "<f8").reshape(shape) for p in sys.argv[1:4]]
    print(json.dumps(figures(*arrays, high)))
    """
}
