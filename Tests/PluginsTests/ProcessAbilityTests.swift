import Foundation
import TestSupport
import Testing
import TileIO

/// Python with numpy and the packages that results are compared with.
private let python = ProcessInfo.processInfo.environment["TESSERA_ORACLE_PYTHON"]
  .flatMap { ExternalTool($0) }

/// What programs can do beside translating pictures, as their user runs them.
@Suite(.enabled(if: python != nil, "TESSERA_ORACLE_PYTHON is not set"))
struct ProcessAbilityTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// Writes a plugin called `planted` whose program is `body`, with more fields for its manifest.
  private func plant(_ body: String, _ fields: String, channels: Int = 3) throws {
    let plugin = folder.url.appending(path: "plugin")
    try FileManager.default.createDirectory(at: plugin, withIntermediateDirectories: true)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    try Data(contentsOf: root.appending(path: "plugins/FlatField/tessera_plugin.py"))
      .write(to: plugin.appending(path: "tessera_plugin.py"))
    try Data(body.utf8).write(to: plugin.appending(path: "planted.py"))
    let manifest = """
      {"format": 1, "id": "planted", "title": "Planted", "sourceDomain": "a", "targetDomain": "b",
       "version": "1", "licence": "MIT", "summary": "For tests.", "channels": \(channels),
       "process": {"command": ["\(python?.path ?? "")", "planted.py"], "timeoutSeconds": 60},
       \(fields)}
      """
    try Data(manifest.utf8).write(to: plugin.appending(path: "pair.json"))
  }

  private func run(_ arguments: String...) throws -> ExternalTool.Result {
    try TesseraProgram.run(
      arguments + ["--plugin", folder.path("plugin"), "--pair", "planted"])
  }

  private func ask(_ program: String, _ arguments: String...) throws -> String {
    let result = try #require(python).run(["-c", program] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static let volumes = """
    import numpy as np
    from tessera_plugin import serve

    def calibrate(overview, image, options, reference, samples):
        assert image["slices"] == len(samples) == 12 and overview.shape[2] == 3, (image, len(samples))
        mean = np.mean([pixels[:, :, 1] for region, pixels in samples], dtype=np.float64)
        return {"halo": 0}, np.float64(mean).tobytes()

    def open_image(image, output, options, state):
        mean = np.frombuffer(state)[0]
        assert output["format"] == "float32"
        def translate(window, region, core):
            top, left = core.y - region.y, core.x - region.x
            middle = window[top:top + core.height, left:left + core.width, 1:2]
            return (middle - np.float32(mean)).astype(np.float32)
        return translate

    serve("planted", calibrate, open_image)
    """

  @Test func `a program translates a NIfTI volume on its grid, measured once for all slices`()
    throws
  {
    try plant(
      Self.volumes,
      """
      "outputChannels": 1, "formats": ["float32"], "note": "MADE UP.",
      "volume": {"planes": ["axial"], "neighbours": 1, "normalisation": {"kind": "none"},
                 "mask": false, "range": [-50, 500]}
      """)
    _ = try ask(
      """
      import sys, numpy, nibabel
      data = numpy.random.default_rng(1).integers(0, 700, (20, 24, 12)).astype(numpy.int16)
      affine = numpy.array([[-2, .1, 0, 5], [.1, 2, 0, 6], [0, 0, 3, 7], [0, 0, 0, 1.]])
      nibabel.save(nibabel.Nifti1Image(data, affine), sys.argv[1])
      """, folder.path("in.nii.gz"))
    let result = try run("translate", folder.path("in.nii.gz"), "--output", folder.path("o.nii.gz"))
    #expect(result.status == 0, "\(result.errors)")
    let found = try ask(
      """
      import sys, numpy, nibabel
      a, b = [nibabel.load(path) for path in sys.argv[1:]]
      data = numpy.asarray(a.dataobj).astype(float)
      expected = numpy.clip(data - data.mean(), -50, 500)
      print(a.shape == b.shape, numpy.abs(a.affine - b.affine).max() < 1e-4,
        numpy.abs(numpy.asarray(b.dataobj) - expected).max() < 0.01, bytes(b.header["descrip"])[:8].decode())
      """, folder.path("in.nii.gz"), folder.path("o.nii.gz"))
    #expect(found == "True True True MADE UP.")
    let picture = TestPNG(width: 30, height: 20, isPalette: false)
    try picture.write(folder.path("picture.png"))
    let refused = try run("translate", folder.path("picture.png"), "--output", folder.path("p.png"))
    #expect(refused.status == 65)
    #expect(refused.errors.contains("takes volumes, this is a picture"), "\(refused.errors)")
  }

  private static let able = """
    import json
    import numpy as np
    from tessera_plugin import serve

    def samples(overview, image, options):
        return [(0, 0, 8, 8), (image["width"] - 9, 3, 9, 5)]

    def calibrate(overview, image, options, reference, samples, calibration=None):
        if calibration is not None:
            level = json.loads(calibration)["level"]
        else:
            assert [pixels.shape[:2] for region, pixels in samples] == [(8, 8), (5, 9)]
            level = float(np.mean([pixels.mean() for region, pixels in samples]))
        if reference: level = reference["level"]
        mask = np.zeros(overview.shape[:2], bool)
        mask[:, 50:] = True
        answer = {"foreground": mask, "calibration": json.dumps({"level": level}).encode()}
        return answer, np.float32(level).tobytes()

    def open_image(image, output, options, state):
        level = np.frombuffer(state, np.float32)[0]
        def translate(window, region, core):
            top, left = core.y - region.y, core.x - region.x
            pixels = window[top:top + core.height, left:left + core.width].astype(np.float32)
            made = pixels * np.float32(0.25) + level
            if output["format"] == "float32": return made / np.float32(255)
            return np.rint(np.clip(made, 0, 255))
        return translate

    def fit(overview, image, options):
        return {"level": float(overview.mean())}

    def combine(targets):
        return {"level": sum(target["level"] for target in targets) / len(targets)}

    serve("planted", calibrate, open_image, fit, samples, combine)
    """

  private func plantAble() throws {
    try plant(
      Self.able,
      """
      "samples": true, "combines": true, "foreground": true, "calibration": "json",
      "convertsDepth": true, "formats": ["uint8"]
      """)
    for name in ["a", "b"] {
      try TestImages.writePPM(folder.path("\(name).ppm"), width: name == "a" ? 120 : 90, height: 70)
    }
  }

  @Test
  func `a program sees samples, tells a foreground, and keeps a calibration that it takes back`()
    throws
  {
    try plantAble()
    let first = try run(
      "translate", folder.path("a.ppm"), "--output", folder.path("a.tif"), "--depth", "float",
      "--save-calibration", folder.path("a.json"))
    #expect(first.status == 0, "\(first.errors)")
    let kept = try run(
      "translate", folder.path("b.ppm"), "--output", folder.path("b.tif"), "--calibration",
      folder.path("a.json"), "--keep-background", "--compression", "none")
    #expect(kept.status == 0, "\(kept.errors)")
    let found = try ask(
      """
      import sys, json, numpy as np, tifffile
      from PIL import Image
      a, b = [np.asarray(Image.open(path)).astype(np.float32) for path in sys.argv[1:3]]
      level = json.load(open(sys.argv[5]))["level"]
      wanted = np.mean([a[:8, :8].mean(), a[3:8, 111:120].mean()])
      made = tifffile.imread(sys.argv[3])
      print(abs(level - wanted) < 1e-3, made.dtype,
        np.abs(made - (a * 0.25 + level) / 255).max() < 1e-5)
      other = tifffile.imread(sys.argv[4])
      print((other[:, :50] == b[:, :50]).all(),
        np.abs(other[:, 50:] - np.rint(b[:, 50:] * 0.25 + np.float32(level))).max() <= 0)
      """, folder.path("a.ppm"), folder.path("b.ppm"), folder.path("a.tif"), folder.path("b.tif"),
      folder.path("a.json"))
    #expect(found == "True float32 True\nTrue True")
  }

  @Test func `a program combines the targets of a cohort`() throws {
    try plantAble()
    let fitted = try run(
      "fit", folder.path("a.ppm"), folder.path("b.ppm"), "--output", folder.path("cohort.json"))
    #expect(fitted.status == 0, "\(fitted.errors)")
    let found = try ask(
      """
      import sys, json, numpy as np
      from PIL import Image
      means = [np.asarray(Image.open(path)).mean() for path in sys.argv[1:3]]
      print(abs(json.load(open(sys.argv[3]))["level"] - np.mean(means)) < 1e-6)
      """, folder.path("a.ppm"), folder.path("b.ppm"), folder.path("cohort.json"))
    #expect(found == "True")
  }

  private static let masked = """
    import numpy as np
    from tessera_plugin import serve

    def open_image(image, output, options, state):
        assert image["channels"] == 4 and options["age"] == 57
        def translate(window, region, core):
            top, left = core.y - region.y, core.x - region.x
            pixels = window[top:top + core.height, left:left + core.width]
            return np.where(pixels[:, :, 3:] > 0, 255 - pixels[:, :, :3], pixels[:, :, :3])
        return translate

    serve("planted", lambda *all: ({}, b""), open_image)
    """

  @Test func `a mask from a folder and a number reach a program, image by image`() throws {
    try plant(
      Self.masked,
      """
      "formats": ["uint8"],
      "inputs": [{"name": "mask", "type": "mask", "help": "what is inverted"},
                 {"name": "age", "type": "number", "range": [0, 120], "help": "years"}]
      """)
    for folderName in ["in", "masks"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(folderName), withIntermediateDirectories: true)
    }
    for name in ["a", "b"] {
      try TestImages.writePPM(folder.path("in/\(name).ppm"), width: 70, height: 40)
      var mask = TestPNG(width: 70, height: 40, isPalette: false)
      mask.value = { x, y in (x + (name == "a" ? 0 : 9)) / 10 % 2 == 0 ? 1 : 0 }
      try mask.write(folder.path("masks/\(name).png"))
    }
    let arguments = ["translate", folder.path("in"), "--output", folder.path("out")]
    func translate(_ more: String...) throws -> ExternalTool.Result {
      try TesseraProgram.run(
        arguments + ["--plugin", folder.path("plugin"), "--pair", "planted"] + more)
    }
    let inputs = ["--input", "mask=\(folder.path("masks"))", "--input", "age=57"]
    let result = try translate(inputs[0], inputs[1], inputs[2], inputs[3])
    #expect(result.status == 0, "\(result.errors)")
    let found = try ask(
      """
      import sys, numpy as np
      from PIL import Image
      for name in "ab":
          image, mask, made = [np.asarray(Image.open(f"{sys.argv[1]}/{path}")) for path in
              (f"in/{name}.ppm", f"masks/{name}.png", f"out/{name}.ppm")]
          print((made == np.where(mask[:, :, None] > 0, 255 - image, image)).all())
      """, folder.path(""))
    #expect(found == "True\nTrue")
    // Another mask is another result; the same one is not done again.
    #expect(try translate(inputs[0], inputs[1], inputs[2], inputs[3]).output.contains("skipped"))
    try FileManager.default.removeItem(atPath: folder.path("masks/b.png"))
    try FileManager.default.copyItem(
      atPath: folder.path("masks/a.png"), toPath: folder.path("masks/b.png"))
    let again = try translate(inputs[0], inputs[1], inputs[2], inputs[3]).output
    #expect(again.contains("1 skipped") && again.contains("1 translated"), "\(again)")
    let missing = try translate("--input", "age=57")
    #expect(missing.status == 64 && missing.errors.contains("--input mask=…"), "\(missing.errors)")
    let wrong = try translate(inputs[0], inputs[1], "--input", "age=157")
    #expect(wrong.status == 64 && wrong.errors.contains("option age cannot be '157'"))
    let unknown = try translate(inputs[0], inputs[1], inputs[2], inputs[3], "--input", "msk=1")
    #expect(unknown.status == 64 && unknown.errors.contains("no such input; it takes mask, age"))
  }

  private static let sighted = """
    from tessera_plugin import serve

    def fit(overview, image, options):
        return {"channels": overview.shape[2], "share": float((overview[:, :, 3] > 0).mean())}

    serve("planted", lambda *all: ({}, b""), None, fit, combine=lambda targets: {"all": targets})
    """

  @Test func `fitting shows a program the mask of each image, and a palette by its numbers`() throws
  {
    try plant(
      Self.sighted,
      """
      "formats": ["uint8"], "combines": true,
      "inputs": [{"name": "mask", "type": "mask", "help": "what counts"}]
      """)
    for name in ["in/a", "in/b", "masks/a", "masks/b"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
    }
    for (name, columns) in [("a", 10), ("b", 30)] {
      try TestImages.writePPM(folder.path("in/\(name)/p.ppm"), width: 40, height: 20)
      var mask = TestPNG(width: 40, height: 20, isPalette: true)
      mask.value = { x, _ in x < columns ? 1 : 0 }
      try mask.write(folder.path("masks/\(name)/p.png"))
    }
    let fitted = try run(
      "fit", folder.path("in"), "--recursive", "--output", folder.path("r.json"), "--input",
      "mask=\(folder.path("masks"))")
    #expect(fitted.status == 0, "\(fitted.errors)")
    let found = try ask(
      "import sys, json; print(json.load(open(sys.argv[1])))", folder.path("r.json"))
    #expect(
      found == "{'all': [{'channels': 4, 'share': 0.25}, {'channels': 4, 'share': 0.75}]}")
    // A reference that is an image has no mask.
    let image = folder.path("in/a/p.ppm")
    let refused = try run(
      "translate", image, "--output", folder.path("out.ppm"), "--reference", image, "--input",
      "mask=\(folder.path("masks/a/p.png"))")
    #expect(
      refused.status != 0 && refused.errors.contains("make a reference of it with 'tessera fit"))
  }

  private static let extremes = """
    import numpy as np
    from tessera_plugin import serve

    def open_image(image, output, options, state):
        assert image["channels"] == 3 and output["channels"] == 2
        def translate(window, region, core):
            made = np.empty((core.height, core.width, 2), np.float32)
            for row in range(core.height):
                for column in range(core.width):
                    y, x = core.y + row - region.y, core.x + column - region.x
                    part = window[max(0, y - 3):y + 4, max(0, x - 3):x + 4, 0]
                    made[row, column] = part.min(), part.max()
            return made
        return translate

    serve("planted", lambda *all: ({"summary": {"side": 7}}, b""), open_image)
    """

  @Test func `values have names and no alpha, and windows the halo that the manifest promises`()
    throws
  {
    try plant(
      Self.extremes,
      """
      "outputChannels": 2, "outputValues": ["low", "high"], "footprint": {"halo": 3}
      """)
    _ = try ask(
      """
      import sys, numpy as np
      from PIL import Image
      pixels = np.random.default_rng(2).integers(1, 256, (70, 90, 4), np.uint8)
      Image.fromarray(pixels).save(sys.argv[1])
      """, folder.path("in.png"))
    let result = try run(
      "translate", folder.path("in.png"), "--output", folder.path("o.tif"), "--tile", "32",
      "--json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\"summary\":{\"side\":7}"), "\(result.output)")
    let found = try ask(
      """
      import sys, numpy as np, tifffile
      from PIL import Image
      image = np.pad(np.asarray(Image.open(sys.argv[1]))[:, :, 0], 3, "edge") / 255
      parts = np.lib.stride_tricks.sliding_window_view(image, (7, 7))
      expected = np.stack([parts.min((2, 3)), parts.max((2, 3))], 2)
      page = tifffile.TiffFile(sys.argv[2]).pages[0]
      print(page.shape, np.abs(page.asarray() - expected).max() < 1e-6, page.description)
      """, folder.path("in.png"), folder.path("o.tif"))
    #expect(found == "(70, 90, 2) True Channels: low, high.")
    let seen = try TesseraProgram.run(["inspect", folder.path("o.tif")])
    #expect(seen.output.contains("2 x float32") && !seen.output.contains("alpha"))
  }

  private static let many = """
    from tessera_plugin import serve

    def open_image(image, output, options, state):
        def translate(window, region, core):
            top, left = core.y - region.y, core.x - region.x
            return window[top:top + core.height, left:left + core.width, :1].astype("uint16") + 300
        return translate

    serve("planted", lambda *all: ({}, b""), open_image)
    """

  @Test func `more classes than bytes have numbers get 16 bits, or are refused`() throws {
    let classes = (0..<600).map { "{\"name\": \"c\($0)\"}" }.joined(separator: ", ")
    let fields = """
      "outputChannels": 1, "outputLabels": true, "outputClasses": [\(classes)]
      """
    try TestImages.writePPM(folder.path("a.ppm"), width: 60, height: 40)
    try plant(Self.many, fields + ", \"convertsDepth\": true")
    let made = try run("translate", folder.path("a.ppm"), "--output", folder.path("a.tif"))
    #expect(made.status == 0, "\(made.errors)")
    let found = try ask(
      """
      import sys, numpy as np, tifffile
      from PIL import Image
      image = np.asarray(Image.open(sys.argv[1]))[:, :, 0].astype(int)
      labels = tifffile.imread(sys.argv[2])
      print(labels.dtype, (labels == image + 300).all())
      """, folder.path("a.ppm"), folder.path("a.tif"))
    #expect(found == "uint16 True")
    let shallow = try run(
      "translate", folder.path("a.ppm"), "--output", folder.path("b.tif"), "--depth", "8")
    #expect(shallow.status != 0 && shallow.errors.contains("no room for the 600 classes"))
    try plant(Self.many, fields)
    let kept = try run("translate", folder.path("a.ppm"), "--output", folder.path("c.tif"))
    #expect(kept.status != 0 && kept.errors.contains("convert the image to 16 bits"))
    // Numbers that wrap around would be other classes.
    try plant(Self.many, "\"outputChannels\": 1, \"outputLabels\": true")
    let wrapped = try run("translate", folder.path("a.ppm"), "--output", folder.path("d.tif"))
    #expect(
      wrapped.status != 0 && wrapped.errors.contains("where uint8 is due"), "\(wrapped.errors)")
  }

  private static let classes = """
    import numpy as np
    from tessera_plugin import serve

    def open_image(image, output, options, state):
        def translate(window, region, core):
            top, left = core.y - region.y, core.x - region.x
            pixels = window[top:top + core.height, left:left + core.width, :1]
            return np.where(pixels < 100, 2, np.where(pixels < 128, 1, 0)).astype(np.uint8)
        return translate

    serve("planted", lambda *all: ({}, b""), open_image)
    """

  @Test func `labels of a program come with the colors and names of their classes`() throws {
    try plant(
      Self.classes,
      """
      "formats": ["uint8"], "outputChannels": 1, "outputLabels": true,
      "outputClasses": [{"name": "glass", "colour": [255, 255, 255]},
        {"name": "tissue", "colour": [200, 10, 90]}, {"name": "nucleus", "colour": [20, 0, 120]}]
      """)
    try TestImages.writePPM(folder.path("a.ppm"), width: 130, height: 70)
    for name in ["a.png", "a.tif", "b.png"] {
      let result = try run("translate", folder.path("a.ppm"), "--output", folder.path(name))
      #expect(result.status == 0, "\(result.errors)")
    }
    let found = try ask(
      """
      import sys, numpy as np, tifffile
      from PIL import Image
      image = np.asarray(Image.open(sys.argv[1]))[:, :, 0]
      labels = np.where(image < 100, 2, np.where(image < 128, 1, 0))
      made = Image.open(sys.argv[2])
      print(made.mode, (np.asarray(made) == labels).all(), made.getpalette()[:9],
        made.text["Description"])
      with tifffile.TiffFile(sys.argv[3]) as file:
          print((file.asarray() == labels).all(), file.pages[0].description)
      """, folder.path("a.ppm"), folder.path("a.png"), folder.path("a.tif"))
    #expect(
      found == """
        P True [255, 255, 255, 200, 10, 90, 20, 0, 120] Classes: 0 glass, 1 tissue, 2 nucleus.
        True Classes: 0 glass, 1 tissue, 2 nucleus.
        """)
    let same = try TesseraProgram.run(
      ["evaluate", folder.path("a.png"), "--against", folder.path("b.png"), "--json"])
    #expect(same.output.contains("\"accuracy\":1") && same.output.contains("\"iou\":1"))
    let cut = try run("verify", folder.path("a.ppm"), "--tiles", "64,100")
    #expect(cut.status == 0 && cut.output.contains("0 pixels of another class"), "\(cut.output)")
  }
}
