import Foundation
import Inference
import TesseraPlugin
import TestSupport
import Testing
import TileIO

@Suite(
  .enabled(if: (try? InferenceEngine()) != nil, "OpenVINO is missing: run make setup"),
  .enabled(if: SharedData.isPresent, "needs the shared test data"))
struct RealSlideTests {
  static let slide = SharedData.path("slides/CMU-1-Small-Region.svs")
  static let winter = SharedData.path("models/season_transformernet/ckpt_epoch_20_winter.pth")

  private func package(_ checkpoint: String, in folder: TemporaryDirectory) throws -> String {
    let path = folder.url.appending(path: "package").path
    let result = try TesseraProgram.run(["import", checkpoint, "--output", path])
    #expect(result.status == 0, "\(result.errors)")
    return path
  }

  @Test func `tiles of a part of a slide are the whole part`() throws {
    let folder = try TemporaryDirectory()
    let package = try package(SharedData.path("reference/inference/cut_net_G.pth"), in: folder)
    let crop = folder.path("crop.tif")
    let vips = try #require(ExternalTool("vips"))
    _ = try vips.run(["crop", Self.slide, crop, "900", "1100", "277", "260"])
    let result = try TesseraProgram.run([
      "verify", crop, "--model", package, "--tiles", "128", "--precision", "f32",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("largest difference 0, 0 before rounding"))
  }

  private func samples(_ path: String) throws -> [UInt8] {
    let source = try ImageFile.open(path)
    let region = source.info.region
    var tile = Tile(region: region, channels: 3, format: .uint8)
    try source.read(into: &tile)
    var samples: [UInt8] = []
    samples.reserveCapacity(region.area * 3)
    for row in region.rows {
      tile.withRow(row, columns: region.columns, as: UInt8.self) { row in
        row.withUnsafeBufferPointer { samples.append(contentsOf: $0) }
      }
    }
    return samples
  }

  @Test(.tags(.slow), .whenSlow) func `two seeds agree to 45 dB on a slide`() throws {
    let folder = try TemporaryDirectory()
    let package = try package(Self.winter, in: folder)
    let pictures = try [1, 2].map { seed in
      let output = folder.url.appending(path: "\(seed).tif").path
      let result = try TesseraProgram.run([
        "translate", Self.slide, "--output", output, "--model", package, "--precision", "f32",
        "--set", "seed=\(seed)", "--set", "statistics=tissue", "--compression", "none",
      ])
      #expect(result.status == 0, "\(result.errors)")
      return try samples(output)
    }
    var squares = 0
    for (one, other) in zip(pictures[0], pictures[1]) {
      let difference = Int(one) - Int(other)
      squares += difference * difference
    }
    #expect(pictures[0].count == 2220 * 2967 * 3)
    // The samples did move.
    #expect(squares > 0)
    let mean = Double(squares) / Double(pictures[0].count)
    #expect(10 * log10(255 * 255 / mean) >= 45)
  }

  @Test(
    .tags(.slow), .whenSlow,
    arguments: [
      winter, SharedData.path("reference/inference/cut_net_G.pth"),
      SharedData.path("models/onnx_fast_neural_style/candy.onnx"),
    ])
  func `tiles of a slide and of a photograph are the whole image`(model: String) throws {
    let folder = try TemporaryDirectory()
    let vips = try #require(ExternalTool("vips"))
    let package = try package(model, in: folder)
    let crop = folder.url.appending(path: "crop.tif").path
    _ = try vips.run(["crop", Self.slide, crop, "900", "1100", "777", "700"])
    let photo = folder.url.appending(path: "photo.png").path
    let small = SharedData.path("season/testA/2010-10-05_19_08_31.jpg")
    _ = try vips.run(["resize", small, photo, "2.6", "--kernel", "cubic"])
    for image in [crop, photo] {
      let result = try TesseraProgram.run([
        "verify", image, "--model", package, "--tiles", "256,344,512", "--precision", "f32",
      ])
      #expect(result.status == 0, "\(result.errors)")
      let lines = result.output.split(separator: "\n")
      #expect(lines.count == 4, "\(result.output)")
      for line in lines { #expect(line.contains("largest difference 0, 0 before rounding")) }
    }
  }
}
