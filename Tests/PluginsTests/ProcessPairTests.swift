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
      _ behaviour: String, timeout: Double = 20
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
        ])
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

  @Test(arguments: [
    ("crash", "ended by signal 6"), ("end", "its last words: 'no memory for it'"),
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
    ("end-at-start", "its last words: 'the licence has run out'"),
    ("hang-at-start", "gave no answer for 5 s while starting"),
    (
      "other-protocol",
      "speaks version 9 of the protocol while starting, this version of tessera speaks 1"
    ),
    ("other-id", "says that it is 'another'"),
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
}
