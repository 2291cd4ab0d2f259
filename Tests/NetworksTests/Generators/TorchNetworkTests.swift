import Foundation
import ModelGraph
import TestSupport
import Testing

@testable import Networks

/// Networks of every kind against PyTorch, with random weights.
@Suite(
  .tags(.slow), .whenSlow,
  .enabled(if: TorchNetworks.python != nil, "TESSERA_ORACLE_PYTHON names no Python with torch"),
  .enabled(if: NetworkEngine.isPresent, "OpenVINO is missing: run make setup"))
struct TorchNetworkTests {
  static let generators: [(String, Architecture, String)] = [
    ("resnet_batch", .resnet, "3 blocks, width 6, batch norm"),
    ("resnet_batch_dropout", .resnet, "2 blocks, width 6, batch norm, dropout"),
    ("resnet_no_norm", .resnet, "2 blocks, width 6, no norm"),
    (
      "resnet_no_antialias_up", .resnet,
      "2 blocks, width 6, instance norm, anti-aliased going down"
    ),
    (
      "resnet_antialias_up_only", .resnet,
      "2 blocks, width 6, instance norm, anti-aliased going up, dropout"
    ),
    ("resnet_antialias_batch", .resnet, "2 blocks, width 6, batch norm, anti-aliased"),
    ("resnet_residual", .resnet, "2 blocks, width 6, instance norm, residual"),
    ("hd_global", .pix2pixHDGlobal, "2 blocks, 4 halvings, width 4, instance norm"),
    ("hd_global_batch", .pix2pixHDGlobal, "2 blocks, 3 halvings, width 4, batch norm"),
    ("hd_encoder", .pix2pixHDEncoder, "0 blocks, 4 halvings, width 4, instance norm"),
    (
      "hd_local", .pix2pixHDLocal,
      "global part of 1 block, width 6, instance norm; 1 enhancer of 3 blocks, width 3"
    ),
    (
      "hd_local_two", .pix2pixHDLocal,
      "global part of 2 blocks, 1 halving, width 8, instance norm; 2 enhancers of 1 block,"
        + " width 2"
    ),
    ("unet_128", .unet, "7 halvings, width 4, batch norm"),
    ("unet_32_instance", .unet, "5 halvings, width 4, instance norm"),
    ("unet_512", .unet, "9 halvings, width 2, batch norm"),
    (
      "spade_normal_instance", .spade,
      "6 label channels, width 2, normal upsampling, instance norm, spectral"
    ),
    ("spade_more", .spade, "36 label channels, width 2, more upsampling, batch norm, spectral"),
    ("spade_most", .spade, "5 label channels, width 4, most upsampling, batch norm, spectral"),
    ("spade_plain", .spade, "5 label channels, width 2, normal upsampling, batch norm"),
    (
      "spade_vae", .spade,
      "5 label channels, width 2, normal upsampling, batch norm, spectral, latent vector of 16"
    ),
    ("transformernet", .transformerNet, "5 blocks, widths 4-8-12, 9x9 outer kernels"),
    ("stainnet", .stainNet, "4 1x1 convolutions, width 5"),
    ("stainnet_residual", .stainNet, "3 1x1 convolutions, width 5, residual"),
  ]

  @Test(arguments: generators)
  func `a generator gives the picture that PyTorch gives`(
    name: String, architecture: Architecture, summary: String
  ) throws {
    let network = try Architecture.recognize(checkpoint(name))
    #expect(network.architecture == architecture)
    #expect(network.configuration == summary)
    // A hyperbolic tangent bounds most of them; TransformerNet's numbers go up to 255.
    try compare(network.graph, name, scale: network.outputRange == 0...255 ? 128 : 1)
  }

  @Test(
    arguments: [
      "spade_encoder", "patch_basic", "patch_batch_5", "patch_1", "patch_antialias", "pixel",
      "pixel_instance", "hd_discriminator", "hd_discriminator_plain", "spade_discriminator",
    ])
  func `what training needs beside it gives the numbers that PyTorch gives`(name: String) throws {
    let checkpoint = try checkpoint(name)
    let found = Candidate.all(in: ParameterGroup(checkpoint), RecognitionOptions())
    try #require(found.count == 1)
    try compare(found[0].network.graph(from: checkpoint), name)
  }

  @Test func `a spectral norm without its right vector computes it`() throws {
    // The vectors of this one are the singular vectors, so that nothing changes.
    let checkpoint = try checkpoint("spade_most")
    var parameters = Parameters(checkpoint)
    for name in checkpoint.names where name.hasSuffix(".weight_v") { parameters[name] = nil }
    let network = try Architecture.recognize(parameters)
    try compare(network.graph, "spade_most")
  }

  private func checkpoint(_ name: String) throws -> Checkpoint {
    try Checkpoint.read(try TorchNetworks.folder.get().path("\(name).pth"))
  }

  private func compare(
    _ graph: Graph, _ name: String, scale: Float = 1
  ) throws {
    let folder = try TorchNetworks.folder.get()
    let inputs = try graph.inputs.indices.map {
      try Numbers(npy: folder.path("\(name).in\($0).npy"))
    }
    let outputs = try NetworkEngine.run(graph, inputs)
    #expect(outputs.count == graph.outputs.count)
    let next = folder.path("\(name).out\(outputs.count).npy")
    #expect(!FileManager.default.fileExists(atPath: next))
    for (index, output) in outputs.enumerated() {
      let expected = try Numbers(npy: folder.path("\(name).out\(index).npy"))
      #expect(output.shape == expected.shape)
      #expect(output.difference(expected) < 1e-4 * scale, "\(graph.outputs[index])")
    }
  }
}
