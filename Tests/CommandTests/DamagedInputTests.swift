import Foundation
import TestSupport
import Testing
import TileIO

/// A damaged picture is named with its place, and the others are done.
@Suite(.enabled(if: TestImages.vips != nil, "needs the vips program"))
struct DamagedInputTests {
  let folder: TemporaryDirectory

  /// A folder `in` of a sound JPEG file and one that was cut, with an end marker set behind.
  init() throws {
    folder = try TemporaryDirectory()
    try FileManager.default.createDirectory(
      atPath: folder.path("in"), withIntermediateDirectories: true)
    let ppm = try TestImages.writePPM(folder.path("base.ppm"), width: 320, height: 240)
    try TestImages.runVips(["copy", ppm, "\(folder.path("in/good.jpg"))[Q=90]"])
    let good = try Data(contentsOf: URL(filePath: folder.path("in/good.jpg")))
    try (good.prefix(good.count / 2) + Data([0xFF, 0xD9])).write(
      to: URL(filePath: folder.path("in/cut.jpg")))
  }

  @Test func `a folder is translated but for the damaged file`() throws {
    let result = try TesseraProgram.run([
      "translate", folder.path("in"), "--output", folder.path("out"), "--pair",
      "stain-normalization", "--progress", "none",
    ])
    #expect(result.status == 1)
    #expect(result.errors.contains("cut.jpg: decoding its pixels: wrong data at or above row 1"))
    #expect(result.errors.contains("of 240"))
    #expect(FileManager.default.fileExists(atPath: folder.path("out/good.jpg")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("out/cut.jpg")))
  }

  @Test(arguments: ["translate", "fit", "inspect", "evaluate"])
  func `a damaged file alone is refused by every command that reads it`(command: String) throws {
    let (cut, good) = (folder.path("in/cut.jpg"), folder.path("in/good.jpg"))
    let arguments =
      switch command {
      case "translate": [cut, "--output", folder.path("a.png"), "--pair", "stain-normalization"]
      case "fit": [cut, "--output", folder.path("a.json"), "--pair", "stain-normalization"]
      case "evaluate": [cut, "--against", good, "--metrics", "psnr"]
      default: [cut]
      }
    let result = try TesseraProgram.run([command] + arguments)
    #expect(result.status == 65 || result.status == 1, "\(result.status)")
    #expect(result.errors.contains("cut.jpg: "), "\(result.errors)")
    #expect(result.errors.contains("premature end of data segment"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path("a.png")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("a.json")))
  }
}
