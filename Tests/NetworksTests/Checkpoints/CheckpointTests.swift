import Foundation
import Networks
import TestSupport
import Testing

@Suite(.enabled(if: SharedData.isPresent, "needs the shared test data"))
struct CheckpointTests {
  static let files: [String] = {
    guard let root = SharedData.root else { return [] }
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root.path)) ?? []
    return paths.filter { $0.hasSuffix(".pth") || $0.hasSuffix(".safetensors") }.sorted()
  }()

  @Test(arguments: files)
  func `a real file reads, and its numbers are finite`(name: String) throws {
    let checkpoint = try Checkpoint.read(SharedData.path(name))
    #expect(!checkpoint.tensors.isEmpty)
    for (name, tensor) in checkpoint.tensors {
      #expect(tensor.count == tensor.shape.reduce(1, *), "\(name)")
      #expect(tensor.isFinite, "\(name)")
      #expect(!name.hasPrefix("module."))
    }
  }

  @Test func `names keep the order of the file`() throws {
    let checkpoint = try Checkpoint.read(
      SharedData.path("reference/inference/cyclegan6_net_G_A.pth"))
    #expect(checkpoint.format == .stream)
    #expect(
      checkpoint.names.prefix(4) == [
        "model.1.weight", "model.1.bias", "model.4.weight", "model.4.bias",
      ])
    #expect(checkpoint["model.1.weight"]?.shape == [8, 3, 7, 7])
    #expect(checkpoint["model.1.weight"]?.element == .f32)
    #expect(checkpoint["model"] == nil)
  }

  @Test func `a state dictionary is found among what training left`() throws {
    let checkpoint = try Checkpoint.read(
      SharedData.path("models/season_transformernet/ckpt_epoch_20_winter.pth"))
    #expect(checkpoint.entry == "model_state_dict")
    #expect(checkpoint.format == .zip)
    #expect(checkpoint.names.first == "encoder.conv1.conv2d.weight")
  }
}
