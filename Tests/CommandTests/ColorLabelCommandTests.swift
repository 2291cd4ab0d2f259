import Foundation
import Inference
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@Suite(
  .enabled(if: (try? InferenceEngine()) != nil, "OpenVINO is missing: run make setup"),
  .enabled(if: SharedData.isPresent, "needs the shared test data"))
struct ColorLabelCommandTests {
  private let folder: TemporaryDirectory
  private let map = SharedData.path("reference/inference/spade_in.png")

  init() throws { folder = try TemporaryDirectory() }

  /// Writes the map's classes in the colors of a palette.
  private func paint(_ palette: [[UInt8]], _ path: String) throws {
    let source = try ImageFile.open(map, as: .labels(palette: nil))
    let labels = try TestImages.read(source)
    let head = Data("P6\n\(source.info.width) \(source.info.height)\n255\n".utf8)
    try (head + Data(labels.flatMap { palette[Int($0)] })).write(to: URL(filePath: path))
  }

  private func checkpoint() throws -> String {
    let directory = SharedData.path("reference/inference")
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    return "\(directory)/\(try #require(names.first { $0.hasPrefix("spade_net_G") }))"
  }

  @Test func `a network of labels makes the same of colors as of numbers`() throws {
    let palette: [[UInt8]] = (0..<9).map { [UInt8($0 * 25), UInt8(200 - $0 * 20), 60] }
    try JSONEncoder().encode(palette).write(to: URL(filePath: folder.path("palette.json")))
    let colors = folder.path("colours.ppm")
    // Slightly off, as JPEG is.
    try paint(palette.map { [$0[0] + 3, $0[1] - 2, 57] }, colors)
    let package = folder.path("package")
    let imported = try TesseraProgram.run([
      "import", try checkpoint(), "--output", package, "--palette", folder.path("palette.json"),
    ])
    #expect(imported.status == 0, "\(imported.errors)")
    var results: [[UInt8]] = []
    for (name, input) in [("numbers", map), ("colours", colors)] {
      let output = folder.path("made-of-\(name).png")
      let result = try TesseraProgram.run([
        "translate", input, "--output", output, "--model", package, "--precision", "f32",
      ])
      #expect(result.status == 0, "\(result.errors)")
      results.append(try TestImages.read(ImageFile.open(output)))
    }
    let isSame = results[0] == results[1]
    #expect(isSame && Set(results[0]).count > 20)
    let verified = try TesseraProgram.run(["verify", colors, "--model", package])
    #expect(verified.status == 0, "\(verified.errors)")
  }

  @Test func `colors without a palette, and palettes that do not fit, are refused`() throws {
    let package = folder.path("package")
    let plain = try TesseraProgram.run(["import", try checkpoint(), "--output", package])
    #expect(plain.status == 0, "\(plain.errors)")
    try paint([[UInt8]](repeating: [9, 9, 9], count: 9), folder.path("colours.ppm"))
    let result = try TesseraProgram.run([
      "translate", folder.path("colours.ppm"), "--output", folder.path("a.png"), "--model",
      package,
    ])
    #expect(result.status != 0 && result.errors.contains("a label map has one"))
    let file = folder.path("palette.json")
    for (content, reason) in [
      ("[[1, 2]]", "each colour has three numbers"), ("nonsense", "it is no list of colours"),
      ("\((0..<10).map { [$0, 0, 0] })", "its palette has 10 colours for 9 classes"),
    ] {
      try content.write(toFile: file, atomically: false, encoding: .utf8)
      let refused = try TesseraProgram.run([
        "import", try checkpoint(), "--output", folder.path("other"), "--palette", file,
      ])
      #expect(refused.status != 0 && refused.errors.contains(reason), "\(refused.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("other")))
    }
  }
}
