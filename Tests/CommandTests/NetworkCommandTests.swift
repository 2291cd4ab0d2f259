import Foundation
import Inference
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@Suite(.enabled(if: (try? InferenceEngine()) != nil, "OpenVINO is missing: run make setup"))
struct NetworkCommandTests {
  static let official = cases(
    ["cyclegan6"], slow: ["cut", "cyclegan9drop", "hdglobal", "hdlocal", "pix2pix", "spade"])

  private func checkpoint(_ name: String) throws -> String {
    let folder = SharedData.path("reference/inference")
    let file = try FileManager.default.contentsOfDirectory(atPath: folder).first {
      $0.hasPrefix("\(name)_net_G")
    }
    return "\(folder)/\(try #require(file))"
  }

  /// Channels, rows, columns and values of a NumPy file of f32.
  private func array(_ path: String) throws -> [Float] {
    let data = try Data(contentsOf: URL(filePath: path))
    let header = Int(data[8]) | Int(data[9]) << 8
    let body = data.dropFirst(10 + header)
    return body.withUnsafeBytes { raw in
      (0..<(raw.count / 4)).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }

  @Test(
    .enabled(if: SharedData.isPresent, "needs the shared test data"), arguments: official)
  func `an official checkpoint gives the official picture`(name: String) throws {
    let folder = try TemporaryDirectory()
    let package = folder.url.appending(path: name).path
    let imported = try TesseraProgram.run(["import", try checkpoint(name), "--output", package])
    #expect(imported.status == 0, "\(imported.errors)")
    let output = folder.url.appending(path: "out.tif").path
    let result = try TesseraProgram.run([
      "translate", SharedData.path("reference/inference/\(name)_in.png"), "--output", output,
      "--model", package, "--precision", "f32", "--depth", "float",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let source = try ImageFile.open(output)
    let region = source.info.region
    var tile = Tile(region: region, channels: 3, format: .float32)
    try source.read(into: &tile)
    let expected = try array(SharedData.path("reference/inference/\(name)_out.npy"))
    var largest: Float = 0
    for row in region.rows {
      tile.withRow(row, columns: region.columns, as: Float.self) { samples in
        for column in region.columns {
          for channel in 0..<3 {
            let official = expected[(channel * region.height + row) * region.width + column]
            largest = max(largest, abs(samples[column * 3 + channel] * 2 - 1 - official))
          }
        }
      }
    }
    #expect(expected.count == region.area * 3)
    #expect(largest < 1e-4)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the shared test data"))
  func `an ONNX file runs as it is, and one that enlarges makes a larger image`() throws {
    let folder = try TemporaryDirectory()
    let input = folder.url.appending(path: "grey.png").path
    let vips = try #require(ExternalTool("vips"))
    let photo = SharedData.path("reference/inference/cut_in.png")
    _ = try vips.run(["extract_band", photo, input, "1"])
    let output = folder.url.appending(path: "large.png").path
    let result = try TesseraProgram.run([
      "translate", input, "--output", output, "--model",
      SharedData.path("models/onnx_espcn_x3/super_resolution.onnx"),
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("values from 0 to 1"))
    let info = try ImageFile.open(output).info
    #expect(info.width == 384 && info.height == 288 && info.channels == 1)
  }

  @Test func `models that cannot be used are refused in one line`() throws {
    let folder = try TemporaryDirectory()
    let image = try StainedImage.write(folder.url.appending(path: "a.png").path)
    let junk = folder.url.appending(path: "junk.pth").path
    // Pickle that would call os.system.
    try Data("\u{80}\u{2}cposix\nsystem\nX\u{4}\u{0}\u{0}\u{0}true\u{85}R.".utf8).write(
      to: URL(filePath: junk))
    let empty = folder.url.appending(path: "empty.onnx").path
    try Data().write(to: URL(filePath: empty))
    let out = folder.url.appending(path: "out").path
    let cases: [([String], Int32)] = [
      (["import", junk, "--output", out], 65), (["import", empty, "--output", out], 65),
      (["import", "/nonexistent.pth", "--output", out], 64),
      (["translate", image, "--output", "\(out).png", "--model", junk], 64),
      (["translate", image, "--output", "\(out).png", "--model", folder.url.path], 65),
      (
        [
          "translate", image, "--output", "\(out).png", "--norm", "local", "--pair",
          "stain-normalization",
        ], 64
      ),
      (["translate", image, "--output", "\(out).png"], 64),
      (["translate", image, "--output", "\(out).png", "--norm", "best", "--model", junk], 64),
    ]
    for (arguments, status) in cases {
      let result = try TesseraProgram.run(arguments)
      #expect(result.status == status, "\(arguments): \(result.errors)")
      let lines = result.errors.split(separator: "\n").filter { $0.hasPrefix("tessera: ") }
      #expect(lines.count <= 1, "\(result.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: out))
    #expect(!FileManager.default.fileExists(atPath: "\(out).png"))
  }

  @Test func `without OpenVINO networks say what to do, and everything else works`() throws {
    let folder = try TemporaryDirectory()
    let image = try StainedImage.write(folder.url.appending(path: "a.png").path)
    let missing = ["TESSERA_OPENVINO": "/nonexistent"]
    let result = try TesseraProgram.run(
      ["translate", image, "--output", "\(folder.url.path)/b.png", "--model", folder.url.path],
      environment: missing)
    #expect(result.status == 65)
    #expect(result.errors.contains("make setup"))
    let classical = try TesseraProgram.run(
      [
        "translate", image, "--output", "\(folder.url.path)/c.png", "--pair", "stain-normalization",
      ],
      environment: missing)
    #expect(classical.status == 0, "\(classical.errors)")
  }
}
