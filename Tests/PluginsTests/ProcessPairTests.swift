import Foundation
import TestSupport
import Testing
import TileIO

/// Programs as pairs, as their user runs them.
@Suite(.enabled(if: PlantedProgram.isRunnable, "python3 is missing"))
struct ProcessPairTests {
  /// Translates `secret-picture.png`, which is plain, and `marked.png` with a planted program.
  private struct Run {
    let folder: TemporaryDirectory
    let status: Int32
    let errors: String

    init(
      _ behaviour: String, timeout: Double = 20, more options: [String] = []
    ) throws {
      folder = try TemporaryDirectory()
      let images = folder.url.appending(path: "images")
      try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
      try PlantedProgram.writePicture(images.appending(path: "secret-picture.png"), isMarked: false)
      try PlantedProgram.writePicture(images.appending(path: "marked.png"), isMarked: true)
      let plugin = folder.url.appending(path: "plugin")
      try PlantedProgram.write(behaviour, to: plugin, timeout: timeout)
      let result = try TesseraProgram.run(
        [
          "translate", images.path, "--output", folder.path("out"), "--plugin", plugin.path,
          "--pair", "planted",
        ] + options)
      status = result.status
      errors = result.errors
    }

    /// Whether an image was translated, to the pixels that it had.
    func isThere(_ name: String) throws -> Bool {
      let (made, given) = (folder.path("out/\(name)"), folder.path("images/\(name)"))
      guard FileManager.default.fileExists(atPath: made) else { return false }
      return try TestImages.read(ImageFile.open(made)) == TestImages.read(ImageFile.open(given))
    }

    /// Whether nothing is left beside the complete outputs.
    var isClean: Bool {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path("out"))) ?? []
      return !names.contains { $0.contains("part") }
    }
  }

  @Test(arguments: ["good", "backwards", "find-paths", "copy", "crash-once"])
  func `a program that behaves returns what it should`(behaviour: String) throws {
    let run = try Run(behaviour)
    #expect(run.status == 0, "\(run.errors)")
    #expect(try run.isThere("secret-picture.png"))
    #expect(try run.isThere("marked.png"))
  }

  /// Translates a gray picture of classes 0 and 2 with a program whose output is labels.
  private func labeled(
    _ folder: TemporaryDirectory, _ behaviour: String, _ output: String, _ options: [String] = [],
    channels: Int = 1, classes: String = ""
  ) throws -> ExternalTool.Result {
    let plugin = folder.url.appending(path: "labels")
    try PlantedProgram.write(behaviour, to: plugin)
    let file = plugin.appending(path: "pair.json")
    let manifest = try String(contentsOf: file, encoding: .utf8)
    try manifest.replacing(
      "\"channels\": 3",
      with: "\"channels\": 1, \"outputChannels\": \(channels), \"outputLabels\": true\(classes)"
    ).replacing("\"outputRange\": [0, 1],", with: "").write(
      to: file, atomically: true, encoding: .utf8)
    return try TesseraProgram.run(
      [
        "translate", folder.path("classes.png"), "--output", folder.path(output), "--plugin",
        plugin.path, "--pair", "planted",
      ] + options)
  }

  private static func number(_ x: Int, _ y: Int) -> UInt8 { (7 * x + 3 * y) % 5 < 2 ? 2 : 0 }

  private func writeClasses(_ folder: TemporaryDirectory) throws {
    var map = TestPNG(width: 1030, height: 517, isPalette: false)
    map.value = Self.number
    try map.write(folder.path("classes.png"))
  }

  @Test(.enabled(if: TestImages.vips != nil, "vips is missing"))
  func `every level of labels that a program makes has their classes only`() throws {
    let folder = try TemporaryDirectory()
    try writeClasses(folder)
    let result = try labeled(folder, "good", "labels.tif")
    #expect(result.status == 0, "\(result.errors)")
    for level in 0..<3 {
      let found = try TestImages.samples(folder.path("labels.tif[page=\(level)]"), in: folder)
      let (width, height) = (1030 >> level, 517 >> level)
      let expected = (0..<width * height).map {
        Self.number(($0 % width) << level, ($0 / width) << level)
      }
      let isSame = found == expected
      #expect(isSame, "level \(level)")
    }
  }

  @Test func `what would change labels that a program makes is refused`() throws {
    let folder = try TemporaryDirectory()
    try writeClasses(folder)
    let cases: [(String, String, [String], String)] = [
      ("good", "a.tif", ["--compression", "jpeg"], "JPEG would make classes that do not exist"),
      ("good", "a.jpg", [], "JPEG would make classes that do not exist: write .png"),
      ("good", "a.tif", ["--keep-background"], "--keep-background would put pixels of the image"),
      ("good", "a.tif", ["--depth", "16"], "--depth would rescale the labels"),
      ("copy", "a.tif", [], "makes labels, which no copy of the image is: nothing to do"),
    ]
    for (behaviour, output, options, text) in cases {
      let result = try labeled(folder, behaviour, output, options)
      #expect([64, 65, 1].contains(result.status), "\(result.errors)")
      #expect(result.errors.contains(text), "\(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path(output)))
    }
    let kept = try labeled(folder, "good", "a.png", ["--depth", "8"])
    #expect(kept.status == 0, "\(kept.errors)")
    let colors = try labeled(folder, "good", "b.tif", channels: 3)
    #expect(colors.errors.contains("outputLabels: label maps have 1 channel, not 3"))
  }

  @Test func `a class that a program did not declare fails its image`() throws {
    let folder = try TemporaryDirectory()
    try writeClasses(folder)
    func classes(_ names: [String]) -> String {
      let list = names.map { "{\"name\": \"\($0)\"}" }.joined(separator: ", ")
      return ", \"outputClasses\": [\(list)]"
    }
    let wrong = try labeled(folder, "good", "wrong.png", classes: classes(["glass", "tissue"]))
    #expect(wrong.status != 0)
    #expect(
      wrong.errors.contains("the pair planted made class 2, but 2 classes are declared"),
      "\(wrong.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("wrong.png")))
    let right = try labeled(
      folder, "good", "right.png", classes: classes(["glass", "tissue", "tumour"]))
    #expect(right.status == 0, "\(right.errors)")
  }

  @Test(arguments: [
    ("crash", "ended by signal 6"), ("end", "it had written: 'no memory for it'"),
    ("hang", "gave no answer for 5 s"), ("decline", "gave up"),
    ("decline", "this is not for me"),
    ("print", "wrote 'a marked window' to its standard output"),
    ("answer-another", "which it had not been asked"),
    ("wrong-kind", "where 'done' was due"),
  ])
  func `a program that fails on one image fails that image only, by name`(
    behaviour: String, words: String
  ) throws {
    let run = try Run(behaviour, timeout: behaviour == "hang" ? 5 : 20)
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("marked.png") && run.errors.contains("the plugin planted"))
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(try run.isThere("secret-picture.png"))
    #expect(try !run.isThere("marked.png"))
    #expect(run.isClean)
  }

  @Test(arguments: [
    ("end-at-start", "it had written: 'the licence has run out'"),
    ("hang-at-start", "gave no answer for 5 s while starting"),
    (
      "other-protocol",
      "speaks version 9 of the protocol while starting, this version of tessera speaks 1"
    ),
    ("other-id", "says that it is 'another'"),
    ("copy-for-nothing", "wants the image copied and gives no reason while calibrating"),
    ("large-halo", "asks for a halo of 9000 while calibrating, which must lie in 0...8192"),
  ])
  func `a program that is wrong from the start fails every image with the reason`(
    behaviour: String, words: String
  ) throws {
    let run = try Run(behaviour, timeout: behaviour == "hang-at-start" ? 5 : 20)
    #expect(run.status == 1 && run.errors.contains(words), "\(run.errors)")
    #expect(try !run.isThere("secret-picture.png"))
    #expect(try !run.isThere("marked.png"))
  }

  @Test(arguments: [("not-a-number", "made nan at (0, 0)"), ("out-of-range", "7")])
  func `floats that no image can have are refused`(behaviour: String, words: String) throws {
    let folder = try TemporaryDirectory()
    let plugin = folder.url.appending(path: "plugin")
    try PlantedProgram.write(behaviour, to: plugin)
    try PlantedProgram.writePicture(URL(filePath: folder.path("in.png")), isMarked: false)
    let float = try TesseraProgram.run([
      "translate", folder.path("in.png"), "--output", folder.path("float.tif"), "--depth", "float",
      "--pair", "stain-normalization",
    ])
    #expect(float.status == 0, "\(float.errors)")
    let result = try TesseraProgram.run([
      "translate", folder.path("float.tif"), "--output", folder.path("out.tif"), "--plugin",
      plugin.path, "--pair", "planted",
    ])
    #expect(result.status != 0 && result.errors.contains("planted"), "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("out.tif")))
  }

  @Test func `a batch is done again when any file of the program has changed, and only then`()
    throws
  {
    let folder = try TemporaryDirectory()
    let (images, plugin) = (folder.path("images"), folder.url.appending(path: "plugin"))
    try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
    try PlantedProgram.writePicture(URL(filePath: "\(images)/a.png"), isMarked: false)
    try PlantedProgram.write("good", to: plugin)
    // What lies in the plugin's own folder and is the batch's is no part of the plugin.
    let output = plugin.appending(path: "out").path
    func status() throws -> String? {
      let result = try TesseraProgram.run([
        "translate", images, "--output", output, "--plugin", plugin.path, "--pair", "planted",
        "--json",
      ])
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      return (object as? [String: Any])?["status"] as? String
    }
    #expect(try status() == "translated")
    #expect(try status() == "skipped")
    let handle = try FileHandle(forUpdating: plugin.appending(path: "planted.py"))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("# another number\n".utf8))
    try handle.close()
    #expect(try status() == "translated")
    try Data("0.8".utf8).write(to: plugin.appending(path: "numbers.txt"))
    #expect(try status() == "translated")
    for name in ["__pycache__/planted.pyc", ".notes"] {
      let url = plugin.appending(path: name)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("x".utf8).write(to: url)
    }
    #expect(try status() == "skipped")
  }

  @Test func `a missing program is told with what to do`() throws {
    let folder = try TemporaryDirectory()
    try PlantedProgram.write("good", to: folder.url)
    let manifest = folder.url.appending(path: "pair.json")
    let text = try String(contentsOf: manifest, encoding: .utf8)
    try Data(text.replacing("\"python3\"", with: "\"no-such-program\"").utf8).write(to: manifest)
    try PlantedProgram.writePicture(URL(filePath: folder.path("in.png")), isMarked: false)
    let result = try TesseraProgram.run([
      "translate", folder.path("in.png"), "--output", folder.path("out.png"), "--plugin",
      folder.url.path, "--pair", "planted",
    ])
    #expect(result.status != 0)
    #expect(
      result.errors.contains("starting the program 'no-such-program': there is none in PATH"),
      "\(result.errors)")
  }

  @Test func `an image is not finished by another version of the program`() throws {
    let run = try Run("edit")
    #expect(run.status == 1, "\(run.errors)")
    #expect(
      run.errors.contains("was replaced while it was used (planted.py has changed"), "\(run.errors)"
    )
    #expect(try !run.isThere("marked.png"))
  }

  @Test func `an image is not published where the program has changed behind its windows`() throws {
    let run = try Run("edit-quietly")
    #expect(run.status == 1, "\(run.errors)")
    #expect(
      run.errors.contains("was replaced while it was used (planted.py has changed"), "\(run.errors)"
    )
    #expect(try !run.isThere("marked.png"))
    #expect(run.isClean)
  }

  @Test func `all images fail that are in hand while the program changes`() throws {
    let run = try Run("edit-between", more: ["--threads", "2"])
    #expect(run.status == 1, "\(run.errors)")
    for name in ["secret-picture.png", "marked.png"] {
      #expect(
        run.errors.split(separator: "\n").contains {
          $0.contains(name) && $0.contains("was replaced while it was used")
        }, "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: run.folder.path("out/\(name)")))
    }
    #expect(run.isClean)
  }

  @Test func `no target is kept of a program that has changed while it was fitted`() throws {
    let folder = try TemporaryDirectory()
    let plugin = folder.url.appending(path: "plugin")
    try PlantedProgram.write("edit-quietly", to: plugin)
    try PlantedProgram.writePicture(URL(filePath: folder.path("in.png")), isMarked: false)
    let result = try TesseraProgram.run([
      "fit", folder.path("in.png"), "--output", folder.path("target.json"), "--plugin",
      plugin.path, "--pair", "planted",
    ])
    #expect(result.status != 0)
    #expect(result.errors.contains("was replaced while it was used"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("target.json")))
  }

  /// The processes that programs started, as they noted them.
  private func helpers(_ plugin: URL) -> [Int32] {
    let text = try? String(contentsOf: plugin.appending(path: "helpers"), encoding: .utf8)
    return (text ?? "").split(separator: "\n").compactMap { Int32($0) }
  }

  /// Waits for processes to be gone.
  private func areGone(_ processes: [Int32]) -> Bool {
    let deadline = ContinuousClock.now + .seconds(10)
    // One that nobody has asked for its end yet has ended all the same.
    func isRunning(_ process: Int32) -> Bool {
      let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      return kill(process, 0) == 0 && state?.contains(") Z ") != true
    }
    while processes.contains(where: isRunning) {
      guard ContinuousClock.now < deadline else { return false }
      usleep(10_000)
    }
    return true
  }

  @Test func `what a program has started ends with it`() throws {
    let folder = try TemporaryDirectory()
    let plugin = folder.url.appending(path: "plugin")
    try PlantedProgram.write("helper", to: plugin)
    try PlantedProgram.writePicture(URL(filePath: folder.path("in.png")), isMarked: false)
    let result = try TesseraProgram.run([
      "translate", folder.path("in.png"), "--output", folder.path("out.png"), "--plugin",
      plugin.path, "--pair", "planted",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let started = helpers(plugin)
    // One of each two has a session of its own, and was started by a process that has ended.
    #expect(started.count > 1 && areGone(started))
  }

  @Test func `no program is started where the command is refused`() throws {
    let folder = try TemporaryDirectory()
    let plugin = folder.url.appending(path: "plugin")
    try PlantedProgram.write("helper", to: plugin)
    try PlantedProgram.writePicture(URL(filePath: folder.path("in.png")), isMarked: false)
    try PlantedProgram.writePicture(URL(filePath: folder.path("out.png")), isMarked: false)
    let result = try TesseraProgram.run([
      "translate", folder.path("in.png"), "--output", folder.path("out.png"), "--plugin",
      plugin.path, "--pair", "planted",
    ])
    #expect(result.status == 64, "\(result.errors)")
    #expect(helpers(plugin).isEmpty)
  }

  @Test func `a program and what it has started end with a tessera that is killed`() throws {
    let folder = try TemporaryDirectory()
    let plugin = folder.url.appending(path: "plugin")
    try PlantedProgram.write("helper", to: plugin, timeout: 1000)
    // It hangs on a marked picture, so that there is time to kill it.
    let text = try String(contentsOf: plugin.appending(path: "planted.py"), encoding: .utf8)
    try Data(text.replacing("behaviour == \"hang\"", with: "True").utf8).write(
      to: plugin.appending(path: "planted.py"))
    try PlantedProgram.writePicture(URL(filePath: folder.path("in.png")), isMarked: true)
    let tessera = try TesseraProgram.start([
      "translate", folder.path("in.png"), "--output", folder.path("out.png"), "--plugin",
      plugin.path, "--pair", "planted",
    ])
    let deadline = ContinuousClock.now + .seconds(20)
    while helpers(plugin).count < 2, ContinuousClock.now < deadline { usleep(10_000) }
    let started = helpers(plugin)
    kill(tessera.processIdentifier, SIGKILL)
    tessera.waitUntilExit()
    // One of each two has a session of its own, and was started by a process that has ended.
    #expect(started.count > 1 && areGone(started))
  }
}
