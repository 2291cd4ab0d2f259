import Foundation
import TestSupport
import Testing

@testable import Networks

/// Lists of the parameters of official networks as PyTorch prints them.
@Suite(.enabled(if: !KeyList.files.isEmpty, "needs the lists of official parameters"))
struct KeyListTests {
  @Test(arguments: KeyList.files.filter { !$0.hasPrefix("cut_F") })
  func `an official network is recognized, and has exactly the official parameters`(
    file: String
  ) throws {
    let list = try KeyList(file)
    let found = Candidate.all(in: ParameterGroup(list), RecognitionOptions())
    try #require(found.count == 1)
    let network = found[0].network
    let parameters = network.parameters
    #expect(Set(parameters.map(\.name)) == Set(list.names))
    #expect(parameters.count == list.names.count)
    for parameter in parameters {
      #expect(parameter.shape == list.shape(of: parameter.name), "\(parameter.name)")
      #expect(parameter.role.isBuffer == list.buffers.contains(parameter.name))
    }
    #expect(Self.summaries[file] == "\(network.name): \(network.summary)")
  }

  @Test func `CUT's projection is named as what it is`() throws {
    let error = #expect(throws: (any Error).self) {
      try Architecture.recognize(try KeyList("cut_F_mlp_sample_default"))
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("projection that CUT trains with"))
  }

  @Test(arguments: KeyList.files.filter { $0.contains("_D_") || $0.contains("spade_E") })
  func `what only training needs is refused with what it is`(file: String) throws {
    let error = #expect(throws: (any Error).self) { try Architecture.recognize(KeyList(file)) }
    let text = "\(error.map { "\($0)" } ?? "")"
    #expect(text.contains("crimin") || text.contains("SPADE encoder"), "\(text)")
    #expect(text.contains("which only training needs"), "\(text)")
  }

  private static let summaries = [
    "cut_D_basic_instance_antialias_3ch":
      "patch discriminator: 3 layers, 3 channels, width 64, instance norm, anti-aliased",
    "cut_G_resnet9_instance_antialias":
      "ResNet generator: 9 blocks, width 64, instance norm, anti-aliased",
    "cyclegan_D_basic_instance_3ch":
      "patch discriminator: 3 layers, 3 channels, width 64, instance norm",
    "cyclegan_G_resnet6_instance_nodropout":
      "ResNet generator: 6 blocks, width 64, instance norm",
    "cyclegan_G_resnet9_instance_dropout":
      "ResNet generator: 9 blocks, width 64, instance norm, dropout",
    "cyclegan_G_resnet9_instance_nodropout":
      "ResNet generator: 9 blocks, width 64, instance norm",
    "pix2pix_D_basic_batch_6ch":
      "patch discriminator: 3 layers, 6 channels, width 64, batch norm",
    "pix2pix_D_nlayers5_batch_6ch":
      "patch discriminator: 5 layers, 6 channels, width 64, batch norm",
    "pix2pix_D_pixel_batch_6ch": "pixel discriminator: 6 channels, width 64, batch norm",
    "pix2pix_G_resnet9_batch_dropout":
      "ResNet generator: 9 blocks, width 64, batch norm, dropout",
    "pix2pix_G_unet128_batch": "U-Net generator: 7 halvings, width 64, batch norm",
    "pix2pix_G_unet256_batch": "U-Net generator: 8 halvings, width 64, batch norm",
    "pix2pixhd_D_numD2_39ch":
      "Pix2PixHD discriminator: 2 scales of 3 layers, 39 channels, width 64, instance norm",
    "pix2pixhd_D_numD3_39ch":
      "Pix2PixHD discriminator: 3 scales of 3 layers, 39 channels, width 64, instance norm",
    "pix2pixhd_E_nef16":
      "Pix2PixHD encoder: 0 blocks, 4 halvings, width 16, instance norm",
    "pix2pixhd_G_global_ngf64_36ch":
      "ResNet generator: 9 blocks, 4 halvings, width 64, instance norm",
    "pix2pixhd_G_local_ngf32_36ch":
      "Pix2PixHD local generator: global part of 9 blocks, 4 halvings, width 64, instance norm;"
      + " 1 enhancer of 3 blocks, width 32",
    "spade_D_cityscapes_numD2":
      "SPADE discriminator: 2 scales of 4 layers, 39 channels, width 64, instance norm, spectral",
    "spade_D_coco_numD2":
      "SPADE discriminator: 2 scales of 4 layers, 187 channels, width 64, instance norm, spectral",
    "spade_E_vae": "SPADE encoder: width 64, latent vector of 256",
    "spade_G_ade20k_sem151":
      "SPADE generator: 151 label channels, width 64, normal upsampling, batch norm, spectral",
    "spade_G_cityscapes_sem36":
      "SPADE generator: 36 label channels, width 64, more upsampling, batch norm, spectral",
    "spade_G_coco_sem184":
      "SPADE generator: 184 label channels, width 64, normal upsampling, batch norm, spectral",
    "spade_G_vae_coco_sem184":
      "SPADE generator: 184 label channels, width 64, normal upsampling, batch norm, spectral,"
      + " latent vector of 256",
  ]
}
