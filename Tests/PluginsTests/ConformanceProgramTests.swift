import Foundation
import Plugins
import TestSupport
import Testing

/// `tessera plugin check` of programs that keep to everything in an ordinary picture with their default
/// options.
@Suite(.serialized, .enabled(if: PlantedNumpy.isRunnable, "no Python with numpy: make oracles"))
struct ConformanceProgramTests {
  private struct Report: Decodable {
    let findings: [ConformanceFinding]
    var failed: [String: String] {
      Dictionary(
        findings.filter { $0.outcome == .failed }.map { ($0.check, $0.detail) },
        uniquingKeysWith: { $1 })
    }
  }

  private func check(
    _ body: String, manifest: String = "", _ more: [String] = []
  ) throws -> Report {
    let folder = try TemporaryDirectory()
    let plugin = folder.url.appending(path: "plugin")
    try PlantedNumpy.write(body, manifest: manifest, to: plugin)
    let result = try TesseraProgram.run(
      ["plugin", "check", plugin.path, "--json", "--windows", "1000"] + more)
    return try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
  }

  private static let radius = """
    "options": [{"name": "radius", "type": "integer", "range": [1, 9], "default": 1, "help": "px"}],
    """

  private static let two = """
    "options": [
      {"name": "mode", "type": "choice", "values": ["a", "b", "c"], "default": "a", "help": "m"},
      {"name": "fine", "type": "flag", "default": false, "help": "f"}],
    """

  private typealias Hidden = (check: String, words: String, body: String)

  private static let hidden: [Hidden] = [
    (
      "options", "radius=2: uint8: declares a halo of 1 px, reads 2 px away: declare a halo of 2",
      """
      def calibrate(overview, image, options, reference):
          return {"halo": 1}, b""
      def open_image(image, output, options, state):
          return lambda w, r, c: blur(w, r, c, int(options["radius"]))
      """
    ),
    (
      "options", "fine=true mode=b: uint8: declares a halo of 1 px, reads 4 px away",
      """
      def calibrate(overview, image, options, reference):
          return {"halo": 1}, b""
      def open_image(image, output, options, state):
          return lambda w, r, c: blur(w, r, c, 4 if options["mode"] == "b" and options["fine"] else 1)
      """
    ),
    (
      "sizes", "a picture of 1600 x 1200 px",
      """
      def calibrate(overview, image, options, reference):
          return {"halo": 1}, b""
      def open_image(image, output, options, state):
          return lambda w, r, c: blur(w, r, c, max(1, image["width"] // 500))
      """
    ),
    (
      "resolutions", "0.1 µm/px",
      """
      def calibrate(overview, image, options, reference):
          return {"halo": 1}, b""
      def open_image(image, output, options, state):
          return lambda w, r, c: blur(w, r, c, 4 if (image["micronsPerPixel"] or 1) < 0.2 else 1)
      """
    ),
    (
      "overview", "where an overview pixel stands for 2 x 2",
      """
      def calibrate(overview, image, options, reference):
          grey = overview.mean(2)
          mask = (grey > grey.mean()).astype(np.uint8)
          return {}, np.array(mask.shape, np.int64).tobytes() + mask.tobytes()
      def open_image(image, output, options, state):
          h, w = np.frombuffer(state[:16], np.int64)
          mask = np.frombuffer(state[16:], np.uint8).reshape(h, w)
          def translate(window, r, c):
              rows = np.minimum(np.arange(c.y, c.y + c.height), h - 1)
              columns = np.minimum(np.arange(c.x, c.x + c.width), w - 1)
              return crop(window, r, c) * mask[rows][:, columns][:, :, None]
          return translate
      """
    ),
    (
      "other-process", "another process",
      """
      chance = 2 + os.getpid() % 89
      def open_image(image, output, options, state):
          return lambda w, r, c: crop(w, r, c) // chance
      """
    ),
    (
      "restarts", "ended by signal 6",
      """
      seen = [0]
      def open_image(image, output, options, state):
          def translate(w, r, c):
              seen[0] += 1
              if seen[0] > 40: os.abort()
              return crop(w, r, c)
          return translate
      """
    ),
  ]

  /// They take long.
  private static let hiddenFurther: [Hidden] = [
    (
      "sizes", "as part of the core",
      """
      def open_image(image, output, options, state):
          def translate(w, r, c):
              core = crop(w, r, c).copy()
              if c.width * c.height > 160000: core[:7] = 0
              return core
          return translate
      """
    ),
    (
      "sizes", "a picture of 33001 x 130 px",
      """
      def open_image(image, output, options, state):
          return lambda w, r, c: crop(w, r, c) // (1 + (c.x > 5000) * (c.x % 3))
      """
    ),
    (
      "sizes", "a picture of 40001 x 36003 px",
      """
      def open_image(image, output, options, state):
          return lambda w, r, c: crop(w, r, c) * 0 + (c.width % 200 if min(c.x, c.y) >= 2048 else 0)
      """
    ),
    (
      "sizes", "a picture of 33001 x 130 px: uint8: declares a halo of 1 px",
      """
      def calibrate(overview, image, options, reference):
          return {"halo": 1}, b""
      def open_image(image, output, options, state):
          isOdd = image["width"] % 2 == 1 and image["width"] >= 1000
          return lambda w, r, c: blur(w, r, c, 3 if isOdd else 1)
      """
    ),
    (
      "extremes", "",
      """
      def open_image(image, output, options, state):
          def translate(w, r, c):
              hot = ((w > 0.9 * w.max()) == [True, False, False]).all(2) & (w.max() > 0)
              return crop(w, r, c) // 2 if hot.any() else crop(w, r, c)
          return translate
      """
    ),
    (
      "long-run", "",
      """
      seen = [0]
      def open_image(image, output, options, state):
          def translate(w, r, c):
              seen[0] += c.width * c.height
              return crop(w, r, c) // (2 if seen[0] > 6e6 else 1)
          return translate
      """
    ),
    (
      "image-memory", "with each image",
      """
      kept = []
      def calibrate(overview, image, options, reference):
          kept.append(np.ones(3_000_000, np.uint8))
          return {}, b""
      def open_image(image, output, options, state):
          return lambda w, r, c: crop(w, r, c)
      """
    ),
  ]

  @Test(arguments: cases(hidden, slow: hiddenFurther))
  private func `what hides from one picture is found`(
    check name: String, words: String, body: String
  )
    throws
  {
    let manifest =
      body.contains("radius") ? Self.radius : body.contains("\"fine\"") ? Self.two : ""
    let failed = try check(
      body, manifest: manifest,
      ["--only", name, "--only", name == "restarts" ? "footprint" : name]
    ).failed
    #expect(
      words.isEmpty ? failed[name] != nil : failed[name]?.contains(words) == true, "\(failed)")
  }

  private typealias Right = (manifest: String, body: String)

  private static let right: [Right] = [
    (
      #""scale": [1, 2],"#,
      """
      def calibrate(overview, image, options, reference):
          return {"alignment": 2}, b""
      def open_image(image, output, options, state):
          def translate(w, r, c):
              x = w[2 * c.y - r.y:, 2 * c.x - r.x:][:2 * c.height, :2 * c.width]
              x = x.astype(np.float64)
              mean = (x[::2, ::2] + x[1::2, ::2] + x[::2, 1::2] + x[1::2, 1::2]) / 4
              return np.rint(mean) if image["format"] != "float32" else mean
          return translate
      """
    ),
    (
      radius,
      """
      def calibrate(overview, image, options, reference):
          return {"halo": int(options["radius"])}, b""
      def open_image(image, output, options, state):
          return lambda w, r, c: blur(w, r, c, int(options["radius"]))
      """
    ),
  ]

  /// They take long.
  private static let rightFurther: [Right] = [
    (
      "",
      """
      def calibrate(overview, image, options, reference):
          return {"alignment": 4}, b""
      def open_image(image, output, options, state):
          def translate(w, r, c):
              h, v = w.shape[0] // 4, w.shape[1] // 4
              mean = w.reshape(h, 4, v, 4, 3).astype(np.float64).mean((1, 3))
              mean = np.rint(mean) if image["format"] != "float32" else mean
              return crop(np.repeat(np.repeat(mean, 4, 0), 4, 1), r, c)
          return translate
      """
    ),
    (
      "",
      """
      def calibrate(overview, image, options, reference):
          if not reference: raise ValueError("give --reference")
          return {}, np.array(reference["mean"]).tobytes()
      def fit(overview, image, options):
          return {"mean": float(overview.mean())}
      def open_image(image, output, options, state):
          mean = np.frombuffer(state)
          return lambda w, r, c: crop(w, r, c) // (2 if mean > 1e9 else 1)
      """
    ),
  ]

  @Test(arguments: cases(right, slow: rightFurther))
  private func `what is right passes`(manifest: String, body: String) throws {
    // Speed and memory are asked of any pair.
    let names = [
      "options", "output", "footprint", "resolutions", "sizes", "extremes", "overview", "long-run",
      "other-process", "tiles", "restarts", "reference",
    ]
    // Large pictures matter where cores are aligned.
    let isLong = manifest.isEmpty && body.contains("alignment")
    let report = try check(
      body, manifest: manifest, (isLong ? [] : ["--quick"]) + names.flatMap { ["--only", $0] })
    #expect(report.failed.isEmpty, "\(report.failed)")
    #expect(report.findings.map(\.check) == ConformanceSuite.names)
  }

  @Test func `a program that says it combines references, and cannot, fails`() throws {
    let body = """
      def fit(overview, image, options):
          return {"mean": float(overview.mean())}
      def open_image(image, output, options, state):
          return lambda w, r, c: crop(w, r, c)
      """
    let failed = try check(
      body, manifest: #""combines": true,"#, ["--quick", "--only", "reference"]
    ).failed
    #expect(
      failed["reference"]?.contains("its manifest says that it combines references") == true,
      "\(failed)")
  }

  @Test func `options are fixed by --set, and those that are not there refused`() throws {
    let body = """
      def calibrate(overview, image, options, reference):
          return {"halo": 1}, b""
      def open_image(image, output, options, state):
          return lambda w, r, c: blur(w, r, c, int(options["radius"]))
      """
    let fixed = try check(
      body, manifest: Self.radius,
      ["--quick", "--set", "radius=1", "--only", "options", "--only", "footprint"])
    #expect(fixed.failed.isEmpty, "\(fixed.failed)")
    let folder = try TemporaryDirectory()
    let plugin = folder.url.appending(path: "plugin")
    try PlantedNumpy.write(body, manifest: Self.radius, to: plugin)
    let wrong = try TesseraProgram.run(["plugin", "check", plugin.path, "--set", "radios=1"])
    #expect(wrong.status == 64 && wrong.errors.contains("no option 'radios'"), "\(wrong.errors)")
  }

  @Test func `what is checked is what would be installed`() throws {
    let folder = try TemporaryDirectory()
    let plugin = folder.url.appending(path: "plugin")
    try PlantedNumpy.write(
      """
      table = np.load(".table.npy")
      def open_image(image, output, options, state):
          return lambda w, r, c: crop(w, r, c)
      """, to: plugin)
    try Data("x".utf8).write(to: plugin.appending(path: ".table.npy"))
    let result = try TesseraProgram.run(["plugin", "check", "--only", "output", plugin.path])
    #expect(result.status == 1 && result.output.contains(".table.npy"), "\(result.output)")
    #expect(!result.output.contains("tessera-check-"), "\(result.output)")
  }
}
