import Foundation
import ModelGraph
import TestSupport
import Testing

@testable import Networks

/// Official networks of small width with random weights, and what PyTorch made of a picture.
@Suite(
  .enabled(if: SharedData.isPresent, "needs the shared test data"),
  .enabled(if: NetworkEngine.isPresent, "OpenVINO is missing: run make setup"))
struct OfficialNetworkTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    let architecture: Architecture
    let summary: String
    var suffix = "G"
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "cut", architecture: .resnet,
      summary: "9 blocks, width 8, instance norm, anti-aliased"),
    Case(
      name: "cyclegan6", architecture: .resnet, summary: "6 blocks, width 8, instance norm",
      suffix: "G_A"),
    Case(
      name: "cyclegan9drop", architecture: .resnet,
      summary: "9 blocks, width 8, instance norm, dropout"),
    Case(
      name: "hdglobal", architecture: .pix2pixHDGlobal,
      summary: "2 blocks, 4 halvings, width 6, instance norm"),
    Case(
      name: "hdlocal", architecture: .pix2pixHDLocal,
      summary: "global part of 2 blocks, width 8, instance norm; 1 enhancer of 2 blocks, width 4"),
    Case(name: "pix2pix", architecture: .unet, summary: "8 halvings, width 6, batch norm"),
    Case(
      name: "spade", architecture: .spade,
      summary: "9 label channels, width 2, normal upsampling, batch norm, spectral"),
  ]

  @Test(arguments: cases)
  func `an official network gives the official picture`(test: Case) throws {
    let path = SharedData.path("reference/inference/\(test.name)")
    let network = try Architecture.recognize(Checkpoint.read("\(path)_net_\(test.suffix).pth"))
    #expect(network.architecture == test.architecture)
    #expect(network.configuration == test.summary)
    let picture = try Numbers(picture: "\(path)_in.png")
    let input =
      switch network.input {
      case .labels(let classes, _): picture.oneHot(classes)
      case .image:
        Numbers(shape: picture.shape, values: picture.values.map { $0 / 127.5 - 1 })
      }
    let output = try NetworkEngine.run(network.graph, [input])
    let expected = try Numbers(npy: "\(path)_out.npy")
    #expect(output[0].shape == [1] + expected.shape)
    #expect(output[0].difference(expected) < 1e-4)
  }

  @Test(
    arguments: [
      ("pix2pix", "G", "6 halvings, width 8, batch norm"),
      ("cyclegan", "G_A", "6 blocks, width 8, instance norm"),
      ("cyclegan", "G_B", "6 blocks, width 8, instance norm"),
      ("cut", "G", "9 blocks, width 8, instance norm, anti-aliased"),
      ("pix2pixhd", "G", "3 blocks, 3 halvings, width 8, instance norm"),
      ("spade", "G", "6 label channels, width 2, normal upsampling, batch norm, spectral"),
    ])
  func `the generator of a whole training is found`(
    file: String, name: String, summary: String
  ) throws {
    let checkpoint = try Checkpoint.read(
      SharedData.path("reference/steps/\(file).after.safetensors"))
    var options = RecognitionOptions()
    if file == "cyclegan" {
      #expect(throws: ModelError.self) { try Architecture.recognize(checkpoint) }
      options.network = name
    }
    let network = try Architecture.recognize(checkpoint, options: options)
    #expect(network.configuration == summary)
    #expect(network.notes.contains("the file holds more; this is \(name) of it"))
    // The discriminators of the same training are what they should be, too.
    let all = Candidate.all(in: ParameterGroup(checkpoint), RecognitionOptions())
    let known = all.reduce(0) { $0 + $1.group.names.count }
    #expect(known == checkpoint.names.count { !$0.hasPrefix("F.") })
  }
}
