import Foundation
import Inference
import TestSupport
import Testing
import TileIO

/// Which files a batch replaces, and which outputs it takes for complete.
struct ReplacingTests {
  let folder: TemporaryDirectory

  init() throws {
    folder = try TemporaryDirectory()
    for name in ["in", "out"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
    }
  }

  private func translate(_ extra: [String] = []) throws -> ExternalTool.Result {
    try TesseraProgram.run(arguments + extra)
  }

  private var arguments: [String] {
    [
      "translate", folder.path("in"), "--output", folder.path("out"), "--pair",
      "stain-normalization", "--json",
    ]
  }

  private func statuses(_ result: ExternalTool.Result) throws -> [String] {
    try result.output.split(separator: "\n").map {
      let object = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      let name = URL(filePath: object?["output"] as? String ?? "").lastPathComponent
      return "\(name) \(object?["status"] as? String ?? "")"
    }.sorted()
  }

  private func data(_ name: String) throws -> Data {
    try Data(contentsOf: folder.url.appending(path: name))
  }

  /// Without the date that is in the header of some formats.
  private func pixels(_ name: String) throws -> [UInt8] {
    try TestImages.read(ImageFile.open(folder.path(name)))
  }

  @Test func `a file that Tessera did not make is named and left alone, the rest goes on`() throws {
    try StainedImage.write(folder.path("in/holiday.png"))
    try StainedImage.write(folder.path("in/other.png"))
    try Data("my only copy".utf8).write(to: folder.url.appending(path: "out/holiday.png"))
    for extra in [["--dry-run"], [], ["--no-resume"]] {
      let result = try translate(extra)
      #expect(result.status == 1)
      #expect(result.errors.contains("out/holiday.png: planning outputs: it exists"))
      #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
      #expect(try data("out/holiday.png") == Data("my only copy".utf8))
      let isThere = FileManager.default.fileExists(atPath: folder.path("out/other.png"))
      #expect(isThere == (extra != ["--dry-run"]))
    }
    // A single file into the folder is no different.
    let single = try TesseraProgram.run([
      "translate", folder.path("in/holiday.png"), "--output", folder.path("out"), "--pair",
      "stain-normalization",
    ])
    #expect(single.status == 1 && single.errors.contains("out/holiday.png"))
    let asked = try translate(["--overwrite"])
    #expect(asked.status == 0)
    #expect(try ImageFile.open(folder.path("out/holiday.png")).info.width == 400)
  }

  @Test func `neither a reference nor another file that is read is replaced`() throws {
    try StainedImage.write(folder.path("in/a.png"))
    try StainedImage.write(folder.path("target.png"), width: 500)
    let target = try data("target.png")
    let result = try TesseraProgram.run([
      "translate", folder.path("in/a.png"), "--output", folder.path("target.png"), "--pair",
      "stain-normalization", "--reference", folder.path("target.png"), "--overwrite",
    ])
    #expect(result.status == 64 && result.errors.contains("overwrite an input"))
    #expect(try data("target.png") == target)
  }

  @Test func `a link to an output that was moved is no output`() throws {
    try StainedImage.write(folder.path("in/a.png"))
    #expect(try translate().status == 0)
    try FileManager.default.moveItem(
      atPath: folder.path("out/a.png"), toPath: folder.path("moved.png"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("out/a.png"), withDestinationPath: folder.path("moved.png"))
    let result = try translate()
    #expect(result.status == 1 && result.errors.contains("symbolic link"))
  }

  @Test func `a named pipe among the inputs stops nothing`() throws {
    try StainedImage.write(folder.path("in/a.png"))
    #expect(mkfifo(folder.path("in/b.png"), 0o600) == 0)
    let result = try translate()
    #expect(try statuses(result) == ["a.png translated", "b.png failed"])
    #expect(result.status == 1 && result.errors.contains("b.png"))
  }

  @Test func `without its ledger a folder of outputs is left as it is`() throws {
    try StainedImage.write(folder.path("in/a.png"))
    #expect(try translate().status == 0)
    try FileManager.default.removeItem(atPath: folder.path("out/.tessera"))
    let made = try data("out/a.png")
    let result = try translate(["--set", "method=reinhard"])
    #expect(result.status == 1 && result.errors.contains("no record says"))
    #expect(try data("out/a.png") == made)
  }

  @Test func `outputs of one size from other options are made again after --overwrite`() throws {
    // A format without compression: every result has the same size.
    for name in ["in/a.ppm", "in/b.ppm"] { try StainedImage.write(folder.path(name)) }
    #expect(try translate().status == 0)
    let first = try pixels("out/a.ppm")
    #expect(try translate(["--set", "method=reinhard", "--overwrite"]).status == 0)
    #expect(try pixels("out/a.ppm") != first)
    let again = try translate()
    #expect(try statuses(again) == ["a.ppm translated", "b.ppm translated"])
    #expect(try pixels("out/a.ppm") == first)
    #expect(try statuses(translate()) == ["a.ppm skipped", "b.ppm skipped"])
  }

  @Test func `a --overwrite run that was killed is finished without it, or with --resume`() throws {
    for name in ["in/a.ppm", "in/b.ppm", "in/c.ppm"] { try StainedImage.write(folder.path(name)) }
    #expect(try translate().status == 0)
    // As if killed after the first.
    try FileManager.default.createDirectory(
      atPath: folder.path("rest"), withIntermediateDirectories: true)
    for name in ["b.ppm", "c.ppm"] {
      try FileManager.default.moveItem(
        atPath: folder.path("in/\(name)"), toPath: folder.path("rest/\(name)"))
    }
    #expect(try translate(["--set", "method=reinhard", "--overwrite"]).status == 0)
    for name in ["b.ppm", "c.ppm"] {
      try FileManager.default.moveItem(
        atPath: folder.path("rest/\(name)"), toPath: folder.path("in/\(name)"))
    }
    try Data("mine".utf8).write(to: folder.url.appending(path: "out/c.ppm"))
    let rest = try translate(["--set", "method=reinhard"])
    #expect(try statuses(rest) == ["a.ppm skipped", "b.ppm translated", "c.ppm failed"])
    let asked = try translate(["--set", "method=reinhard", "--overwrite", "--resume"])
    #expect(try statuses(asked) == ["a.ppm skipped", "b.ppm skipped", "c.ppm translated"])
  }

  @Test func `zeros in the middle of an output are noticed, and the file is left to its owner`()
    throws
  {
    try StainedImage.write(folder.path("in/a.ppm"))
    #expect(try translate().status == 0)
    var bytes = try data("out/a.ppm")
    bytes.replaceSubrange(5000..<8000, with: Data(count: 3000))
    try bytes.write(to: folder.url.appending(path: "out/a.ppm"))
    let result = try translate()
    #expect(result.status == 1 && result.errors.contains("changed since Tessera made it"))
    #expect(try data("out/a.ppm") == bytes)
  }

  @Test func `outputs of another folder of inputs with the same names are kept`() throws {
    try StainedImage.write(folder.path("in/IMG_1.png"))
    #expect(try translate().status == 0)
    let made = try data("out/IMG_1.png")
    try FileManager.default.createDirectory(
      atPath: folder.path("in2"), withIntermediateDirectories: true)
    try StainedImage.write(folder.path("in2/IMG_1.png"), width: 500)
    let result = try TesseraProgram.run([
      "translate", folder.path("in2"), "--output", folder.path("out"), "--pair",
      "stain-normalization",
    ])
    #expect(result.status == 1 && result.errors.contains("it was made from"))
    #expect(try data("out/IMG_1.png") == made)
  }

  @Test(arguments: [true, false])
  func `an input replaced while it is read fails, and is translated the next time`(
    isBatch: Bool
  ) throws {
    let (input, new) = (folder.path("in/x.tif"), folder.path("new.tif"))
    try StainedImage.write(input, width: 2000, height: 2500)
    try StainedImage.write(new, width: 2100, height: 2500)
    let output = isBatch ? folder.path("out") : folder.path("out/x.tif")
    let line = [
      "translate", isBatch ? folder.path("in") : input, "--output", output, "--pair",
      "stain-normalization", "--threads", "1", "--compression", "zstd", "--tile", "64",
    ]
    let process = try TesseraProgram.start(line)
    let deadline = Date(timeIntervalSinceNow: 20)
    func isBegun() throws -> Bool {
      try FileManager.default.contentsOfDirectory(atPath: folder.path("out")).contains {
        $0.contains("tessera-part")
      }
    }
    while try !isBegun(), Date() < deadline { usleep(2000) }
    #expect(rename(new, input) == 0)
    process.waitUntilExit()
    #expect(process.terminationStatus == (isBatch ? 1 : 75))
    #expect(!FileManager.default.fileExists(atPath: folder.path("out/x.tif")))
    #expect(try TesseraProgram.run(line).status == 0)
    #expect(try ImageFile.open(folder.path("out/x.tif")).info.width == 2100)
  }

  @Test(
    .enabled(
      if: SharedData.isPresent && (try? InferenceEngine()) != nil,
      "needs the shared test data and OpenVINO"))
  func `calibrations of one name in two folders are both kept`() throws {
    for name in ["in/a", "in/b"] {
      try FileManager.default.createDirectory(
        atPath: folder.path(name), withIntermediateDirectories: true)
      try StainedImage.write(folder.path("\(name)/x.png"), width: 96, height: 80)
    }
    let model = folder.path("model")
    let imported = try TesseraProgram.run([
      "import", SharedData.path("reference/inference/cyclegan6_net_G_A.pth"), "--output", model,
    ])
    #expect(imported.status == 0, "\(imported.errors)")
    let line = [
      "translate", folder.path("in"), "--output", folder.path("out"), "--model", model,
      "--recursive", "--json",
    ]
    #expect(try TesseraProgram.run(line).status == 0)
    let kept = try TesseraProgram.run(line + ["--save-calibration", folder.path("kept")])
    // Complete, but for the calibrations that nobody had asked for.
    #expect(try statuses(kept) == ["x.png translated", "x.png translated"])
    for name in ["a", "b"] {
      #expect(
        FileManager.default.fileExists(
          atPath: folder.path("kept/\(name)/x.calibration.safetensors")))
    }
    let again = try TesseraProgram.run(line + ["--save-calibration", folder.path("kept")])
    #expect(try statuses(again) == ["x.png skipped", "x.png skipped"])
    try Data("mine".utf8).write(
      to: folder.url.appending(path: "kept/a/x.calibration.safetensors"))
    let refused = try TesseraProgram.run(line + ["--save-calibration", folder.path("kept")])
    #expect(refused.status == 1 && refused.errors.contains("kept/a/x.calibration.safetensors"))
  }
}
