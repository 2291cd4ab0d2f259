import Foundation
import TestSupport
import Testing
import TileIO

/// Slides in DICOM on the command line.
@Suite(
  .enabled(if: TestDICOM.python != nil, "needs TESSERA_ORACLE_PYTHON with pydicom and OpenSlide 4"))
struct DICOMSlideTests {
  let folder: TemporaryDirectory

  /// A slide with three levels, in a folder of its own.
  init() throws {
    folder = try TemporaryDirectory()
    try FileManager.default.createDirectory(
      atPath: folder.path("slide"), withIntermediateDirectories: true)
    try TestDICOM.makeSlide(in: folder.path("slide"), width: 700, height: 530, levels: 3)
  }

  /// The OpenSlide 4 of Python, which any machine with the oracles has.
  private func environment() throws -> [String: String] {
    let found = try #require(TestDICOM.python).run([
      "-c", "import openslide_bin; print(openslide_bin.__path__[0], end='')",
    ])
    return ["TESSERA_OPENSLIDE": found.output]
  }

  @Test func `a slide is described by its file or its folder`() throws {
    for name in ["slide/0.dcm", "slide/2.dcm", "slide"] {
      let result = try TesseraProgram.run(
        ["inspect", folder.path(name)], environment: environment())
      #expect(result.status == 0, "\(result.errors)")
      for part in [
        "DICOM slide", "700 x 530 px", "700 x 530, 350 x 265, 175 x 132", "0.5000 x 0.5000",
      ] {
        #expect(result.output.contains(part), "\(result.output)")
      }
    }
  }

  @Test func `a folder with a slide is translated once, into the file that is named`() throws {
    let output = folder.path("out.tif")
    let result = try TesseraProgram.run(
      [
        "translate", folder.path("slide"), "--output", output, "--pair", "stain-normalization",
      ], environment: environment())
    #expect(result.status == 0, "\(result.errors)")
    let info = try ImageFile.open(output).info
    #expect(info.width == 700 && info.height == 530)
    let size = try #require(info.micronsPerPixel)
    #expect(abs(size.x - 0.5) < 1e-6 && abs(size.y - 0.5) < 1e-6)
  }

  @Test func `without OpenSlide 4 a slide fails with what to do, and is never a volume`() throws {
    let missing = ["TESSERA_OPENSLIDE": "/nonexistent"]
    let path = folder.path("slide/0.dcm")
    let wanted =
      "\(path): opening: a whole slide in DICOM needs OpenSlide 4.0.1: TESSERA_OPENSLIDE is /nonexistent"
    let one = try TesseraProgram.run(["inspect", path], environment: missing)
    #expect(one.status == 65 && one.errors.contains(wanted), "\(one.errors)")
    #expect(one.errors.contains("run make setup"))
    let all = try TesseraProgram.run(
      [
        "translate", folder.path("slide"), "--output", folder.path("out"), "--pair",
        "stain-normalization", "--progress", "none",
      ], environment: missing)
    #expect(all.status != 0 && all.errors.contains(wanted), "\(all.errors)")
  }
}
