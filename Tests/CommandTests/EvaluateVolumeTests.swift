import Foundation
import TestSupport
import Testing
import Volumes

struct EvaluateVolumeTests {
  let folder: TemporaryDirectory
  private static let python = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
    .flatMap { ExternalTool($0) }

  init() throws { folder = try TemporaryDirectory() }

  /// A body with bone and a lung, above a couch, in HU; `noise` moves every voxel.
  private func body(noise: Int, shift: Float = 0) -> Volume {
    let geometry = VolumeGeometry(
      size: SIMD3(48, 40, 14), spacing: SIMD3(1.5, 1.5, 3), origin: SIMD3(-36, -20.5, 101))
    var samples: [Float] = []
    for z in 0..<geometry.size.z {
      for y in 0..<geometry.size.y {
        for x in 0..<geometry.size.x {
          let (dx, dy) = (Double(x) - 22, Double(y) - 17)
          let radius = (dx * dx / 1.6 + dy * dy).squareRoot()
          let isLung = (dx - 6) * (dx - 6) + dy * dy < 16
          let base: Float =
            radius > 15 ? (y == 38 ? 100 : -1000) : radius > 12 ? 900 : isLung ? -850 : 40
          let grain = noise == 0 ? 0 : Float(MemorySource.noise(x + 97 * z, y, 1) % noise)
          samples.append(base + grain + (radius > 15 ? 0 : shift))
        }
      }
    }
    return Volume(geometry: geometry, samples: samples, storedAs: .int16)
  }

  private func write(_ volume: Volume, _ name: String) throws -> String {
    let url = folder.url.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try VolumeWriter.write(volume, to: url.path, as: .int16)
    return url.path
  }

  private func run(_ arguments: [String]) throws -> ExternalTool.Result {
    try TesseraProgram.run(["evaluate"] + arguments)
  }

  private func objects(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").compactMap {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
  }

  /// The figures of the same files with nibabel, SciPy and scikit-image.
  private func expected(_ result: String, _ target: String, mask: String? = nil) throws -> [String:
    Double]
  {
    let program = """
      import sys, json, nibabel
      from scipy import ndimage
      from skimage.metrics import structural_similarity
      \(SynthRADProgram.definition)
      def load(path):
        image = nibabel.load(path)
        turn = nibabel.orientations.ornt_transform(
          nibabel.orientations.io_orientation(image.affine),
          nibabel.orientations.axcodes2ornt("LPS"))
        data = nibabel.orientations.apply_orientation(np.asanyarray(image.dataobj), turn)
        return data.transpose(2, 1, 0).astype(float)
      a, b = load(sys.argv[1]), load(sys.argv[2])
      counts = np.ones(a.shape, bool)
      if len(sys.argv) > 3:
        body = counts = load(sys.argv[3]) > 0
      else:
        labels, _ = ndimage.label(b > -500)
        sizes = np.bincount(labels.ravel()); sizes[0] = 0
        body = labels == sizes.argmax()
        body = np.array([ndimage.binary_dilation(ndimage.binary_fill_holes(s), iterations=3)
          for s in body])
      hu = figures(a, b, body, 3000.)
      similarity = [structural_similarity(x, y, gaussian_weights=True, sigma=1.5, full=True,
        use_sample_covariance=False, data_range=4024)[1][5:-5, 5:-5] for x, y in zip(a, b)]
      inner = [m[5:-5, 5:-5] for m in counts]
      print(json.dumps({"hu-mae": hu[0], "hu-psnr": hu[1], "hu-ms-ssim": hu[2],
        "mae": float(abs(a - b)[counts].mean()),
        "rmse": float(((a - b)[counts] ** 2).mean() ** 0.5),
        "psnr": float(10 * np.log10(4024 ** 2 / ((a - b)[counts] ** 2).mean())),
        "ssim": float(np.concatenate([s[m] for s, m in zip(similarity, inner)]).mean()),
        "pixels": float(counts.sum())}))
      """
    let python = try #require(Self.python)
    let answer = try python.run(["-c", program, result, target] + [mask].compactMap(\.self))
    try #require(answer.status == 0, "\(answer.errors)")
    return try JSONDecoder().decode([String: Double].self, from: Data(answer.output.utf8))
  }

  private func check(_ line: [String: Any]?, _ expected: [String: Double]) {
    let metrics = line?["metrics"] as? [String: Double] ?? [:]
    for (name, value) in metrics {
      #expect(abs(value / (expected[name] ?? .nan) - 1) < 1e-5, "\(name) \(value) \(expected)")
    }
    #expect(line?["pixels"] as? Double == expected["pixels"])
  }

  @Test(.enabled(if: python != nil, "needs TESSERA_ORACLE_PYTHON"))
  func `volumes have the figures of the formulas, however their axes lie`() throws {
    let target = try write(body(noise: 30), "ct.nii.gz")
    let result = try write(body(noise: 90, shift: 25).oriented(as: "RSA"), "result.nii.gz")
    let output = try run([result, "--against", target, "--json"])
    #expect(output.status == 0 && output.errors.isEmpty, "\(output)")
    let line = try objects(output.output).first
    let names = (line?["metrics"] as? [String: Double])?.keys.sorted()
    #expect(names == ["hu-mae", "hu-ms-ssim", "hu-psnr", "mae", "rmse", "ssim"])
    check(line, try expected(result, target))
  }

  @Test(.enabled(if: python != nil, "needs TESSERA_ORACLE_PYTHON"))
  func `a mask counts for all figures`() throws {
    let target = try write(body(noise: 30), "ct.nii.gz")
    let result = try write(body(noise: 90, shift: -60), "result.nii.gz")
    var inside = body(noise: 0)
    inside.samples = inside.samples.enumerated().map { $1 > 0 && $0 % 48 > 15 ? 1 : 0 }
    let mask = try write(inside.oriented(as: "ARI"), "mask.nii.gz")
    let output = try run([
      result, "--against", target, "--mask", mask, "--json", "--metrics",
      "hu-mae,hu-psnr,hu-ms-ssim,mae,rmse,psnr,ssim",
    ])
    #expect(output.status == 0, "\(output)")
    check(try objects(output.output).first, try expected(result, target, mask: mask))
  }

  @Test func `directories are matched by name, series and files alike`() throws {
    let writer = SliceSeriesWriter(title: "a test", derivation: "a test")
    _ = try write(body(noise: 0), "result/a.nii.gz")
    _ = try write(body(noise: 0), "result/deep/b.mha")
    _ = try write(body(noise: 40), "target/a.nrrd")
    _ = try write(body(noise: 80), "target/deep/x.nii")
    try writer.write(body(noise: 80), to: folder.path("target/deep/b"))
    let (csv, html) = (folder.path("out.csv"), folder.path("out.html"))
    let output = try run([
      folder.path("result"), "--against", folder.path("target"), "--csv", csv, "--html", html,
    ])
    #expect(output.status == 0 && output.errors.isEmpty, "\(output)")
    #expect(output.output.hasPrefix("2 images"))
    #expect(output.output.contains("no partner in \(folder.path("result")): deep/x\n"))
    let rows = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\r\n")
    #expect(rows.count == 3 && rows[2].hasPrefix("deep/b,"))
    let page = try String(contentsOfFile: html, encoding: .utf8)
    #expect(page.components(separatedBy: "src=\"data:image/jpeg;base64,").count == 7)
  }

  @Test func `a series is one volume`() throws {
    let target = folder.path("series")
    try SliceSeriesWriter(title: "a test", derivation: "a test").write(body(noise: 0), to: target)
    let result = try write(body(noise: 0, shift: 10), "ct.nii.gz")
    let output = try run([result, "--against", target, "--metrics", "hu-mae,rmse"])
    #expect(output.status == 0 && output.output.contains("hu-mae"), "\(output)")
    let turned = try run([target, "--against", result, "--metrics", "hu-mae"])
    #expect(turned.status == 0)
  }

  @Test func `what cannot be compared is one line that says why`() throws {
    let target = try write(body(noise: 0), "ct.nii.gz")
    var moved = body(noise: 0)
    moved.geometry.origin.x += 0.01
    var near = body(noise: 0)
    near.geometry.origin.x += 0.0005
    let picture = folder.path("picture.pgm")
    try Data("P5\n2 2\n255\n0000".utf8).write(to: URL(filePath: picture))
    let cases: [(arguments: [String], status: Int32, message: String)] = [
      (
        [try write(moved, "moved.nii.gz"), "--against", target], 65,
        "moved.nii.gz: comparing with \(target): its grid is 48 x 40 x 14 of 1.500 x 1.500 x 3.000 mm"
          + " from (-35.990, -20.500, 101.000), that of the other 48 x 40 x 14 of 1.500 x 1.500 x"
          + " 3.000 mm from (-36.000, -20.500, 101.000); resample one"
      ),
      ([picture, "--against", target], 65, "this is a picture, the other a volume"),
      ([target, "--against", picture], 65, "this is a picture, the other a volume"),
      ([target, "--against", folder.path("none.nii.gz")], 65, "there is no such file"),
      (
        [target, "--against", target, "--mask", folder.path("moved.nii.gz")], 65,
        "moved.nii.gz: as the mask of \(target): its grid is"
      ),
      ([target, "--against", target, "--input", target], 64, "compared with the target only"),
      (
        [target, "--against", target, "--metrics", "nmi,mae"], 64,
        "--metrics nmi: it is not measured on volumes; there is psnr, ssim, mae, rmse, hu-mae"
      ),
      ([target, "--against", target, "--metrics", "histogram"], 64, "not measured on volumes"),
    ]
    for (arguments, status, message) in cases {
      let result = try run(arguments)
      #expect(result.status == status && result.output.isEmpty, "\(arguments) \(result)")
      #expect(result.errors.contains(message), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
    }
    #expect(try run([write(near, "near.nii.gz"), "--against", target]).status == 0)
  }
}
