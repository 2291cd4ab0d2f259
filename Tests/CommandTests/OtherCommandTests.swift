import Foundation
import TestSupport
import Testing
import Volumes
import TileIO

struct OtherCommandTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  @Test(arguments: ["translate", "pairs", "inspect", "fit", "verify", "seams", "samples", "plugin"])
  func `help of every command has an example`(command: String) throws {
    let result = try TesseraProgram.run([command, "--help"])
    #expect(result.status == 0 && result.output.contains("tessera \(command) "))
  }

  @Test func `a run whose results nobody reads any more goes on to its end`() throws {
    let input = try StainedImage.write(folder.path("in.png"))
    let (process, results) = (Process(), Pipe())
    process.executableURL = URL(filePath: TesseraProgram.path)
    process.arguments = [
      "translate", input, "--output", folder.path("out.png"), "--pair", "stain-normalization",
    ]
    process.standardOutput = results
    let errors = folder.path("errors")
    try Data().write(to: URL(filePath: errors))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: errors))
    try results.fileHandleForReading.close()
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    #expect(try String(contentsOfFile: errors, encoding: .utf8) == "")
    #expect(FileManager.default.fileExists(atPath: folder.path("out.png")))
  }

  @Test func `the version is a bare number`() throws {
    let result = try TesseraProgram.run(["--version"])
    #expect(result.output == "\(TesseraVersion.current)\n")
  }

  @Test func `pairs lists the pairs and describes the options of one`() throws {
    #expect(try TesseraProgram.run(["pairs"]).output.contains("stain-normalization"))
    let one = try TesseraProgram.run(["pairs", "stain-normalization"])
    #expect(one.output.contains("method") && one.output.contains("on-blank"))
    let json = try TesseraProgram.run(["pairs", "stain-normalization", "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["id"] as? String == "stain-normalization")
    #expect(try TesseraProgram.run(["pairs", "nothing"]).status == 64)
  }

  @Test func `inspect says what a file holds, and names the files it cannot read`() throws {
    let path = try StainedImage.write(folder.path("a.tif"), width: 700, height: 500)
    let text = try TesseraProgram.run(["inspect", path])
    #expect(text.output.contains("700 x 500") && text.output.contains("350 x 250"))
    let json = try TesseraProgram.run(["inspect", path, "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["width"] as? Int == 700 && object?["depth"] as? String == "uint8")
    #expect(try TesseraProgram.run(["inspect", folder.path("b.tif")]).status == 65)
    let both = try TesseraProgram.run(["inspect", path, folder.path("b.tif")])
    #expect(both.status == 1 && both.output.contains("700 x 500"))
  }

  @Test func `inspect describes a TIFF stack and a folder of slices as volumes`() throws {
    let volume = Volume(
      geometry: VolumeGeometry(size: SIMD3(6, 5, 4), spacing: SIMD3(0.5, 0.5, 2)),
      samples: (0..<120).map { Float($0) })
    let (file, slices) = (folder.path("stack.tif"), folder.path("slices"))
    try VolumeWriter.write(volume, to: file, as: .uint16)
    try VolumeWriter.writeSlices(volume, to: slices, as: .float32)
    let text = try TesseraProgram.run(["inspect", file, slices])
    #expect(text.status == 0 && text.output.contains("TIFF, 4 files"), "\(text)")
    #expect(
      text.output.contains("6 x 5 x 4") && text.output.contains("0.5000 x 0.5000 x 2.0000 mm"))
    let json = try TesseraProgram.run(["inspect", slices, "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["slices"] as? Int == 4 && object?["depth"] as? String == "float32")
  }

  @Test func `a reference is fitted to a cohort and used`() throws {
    let first = try StainedImage.write(folder.path("a.png"))
    try StainedImage.write(folder.path("b.png"), width: 500)
    let json = folder.path("reference.json")
    let fit = try TesseraProgram.run([
      "fit", first, folder.path("b.png"), "--pair", "stain-normalization", "--output", json,
    ])
    #expect(fit.status == 0, "\(fit.errors)")
    for reference in [json, first] {
      let result = try TesseraProgram.run([
        "translate", first, "--output", folder.path("out.png"), "--pair", "stain-normalization",
        "--reference", reference, "--overwrite",
      ])
      #expect(result.status == 0, "\(result.errors)")
    }
    try Data("{\"stain\": 1".utf8).write(to: URL(filePath: json))
    let damaged = try TesseraProgram.run([
      "translate", first, "--output", folder.path("out.png"), "--pair", "stain-normalization",
      "--reference", json, "--overwrite",
    ])
    #expect(damaged.status == 65 && damaged.errors.contains(json))
  }

  @Test func `verify prints 0 for three tile sizes`() throws {
    let path = try StainedImage.write(folder.path("a.tif"), width: 1500, height: 1200)
    let result = try TesseraProgram.run([
      "verify", path, "--pair", "stain-normalization", "--tiles", "256,512,1000",
    ])
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.hasSuffix(": largest difference 0") })
    #expect(lines.last?.contains("tile 1000, origin 666, 1 thread:") == true)
    #expect(
      try TesseraProgram.run(["verify", path, "--pair", "stain-normalization", "--tiles", "x"])
        .status == 64)
  }

  @Test(.tags(.slow), .whenSlow)
  func `samples give the same bytes for the same seed`() throws {
    for name in ["one", "two"] {
      let result = try TesseraProgram.run(["samples", folder.path(name), "--size", "700"])
      #expect(result.status == 0, "\(result.errors)")
    }
    for line in try FileManager.default.subpathsOfDirectory(atPath: folder.path("one"))
    where line.contains(".") {
      #expect(
        FileManager.default.contentsEqual(
          atPath: folder.path("one/\(line)"), andPath: folder.path("two/\(line)")), "\(line)")
    }
    let info = try ImageFile.open(folder.path("one/slide.tif")).info
    #expect(abs((info.micronsPerPixel?.x ?? 0) - 0.25) < 1e-6 && info.levels.count == 3)
  }
}
