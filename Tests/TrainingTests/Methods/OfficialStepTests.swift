import Foundation
import Networks
import TestSupport
import Testing

@testable import Training

extension LibtorchTests {
  /// Three optimizer steps of the official losses, as PyTorch did them.
  ///
  /// An activation within rounding of 0 falls on one side or the other, and its gradient with it; so
  /// PyTorch itself does not repeat these numbers on every processor. Hence a process of its own,
  /// whose oneDNN has the kernels for AVX2 as where the numbers were made; libtorch's own count, too.
  @Suite(.enabled(if: SharedData.isPresent, "needs the shared test data"))
  struct OfficialStepTests {
    private static func pix2pix() throws -> [String] {
      var settings = Pix2Pix.Configuration()
      settings.networks.generator = .unet(side: 64)
      settings.networks.width = 8
      settings.networks.discriminatorWidth = 8
      settings.networks.hasDropout = false
      let steps = try OfficialSteps("pix2pix")
      return try withEitherKernels {
        try steps.differences(try Pix2Pix(settings, MethodSetting()))
      }
    }

    private static func pix2pixhd() throws -> [String] {
      var settings = Pix2PixHD.Configuration()
      settings.width = 8
      settings.discriminatorWidth = 8
      settings.downs = 3
      settings.blocks = 3
      var setting = MethodSetting()
      setting.sourceChannels = 6
      let steps = try OfficialSteps("pix2pixhd")
      return try withEitherKernels { try steps.differences(try Pix2PixHD(settings, setting)) }
    }

    // PyTorch 2.13 in f64 differs from these parameters by up to 2.4e-4, in f32 by up to 4.3e-4.
    private static func cyclegan() throws -> [String] {
      var settings = CycleGAN.Configuration()
      settings.networks.generator = .resnet(blocks: 6)
      settings.networks.width = 8
      settings.networks.discriminatorWidth = 8
      let steps = try OfficialSteps("cyclegan")
      return try withEitherKernels {
        try steps.differences(try CycleGAN(settings, MethodSetting()), comparesParameters: false)
      }
    }

    // PyTorch 2.13 takes a gradient of NHWC order wrongly through the instance norm of one image, as
    // CUT's encoder gives it one, so that the stored steps after the first are not those of the loss.
    // These are PyTorch's own, in f64, once that gradient is copied to NCHW.
    private static func cut() throws -> [String] {
      var settings = CUT.Configuration()
      settings.networks.width = 8
      settings.networks.discriminatorWidth = 8
      settings.patches = 64
      settings.featureLength = 32
      var steps = try OfficialSteps("cut")
      let names = ["D_fake", "D_real", "G_GAN", "NCE", "NCE_Y"]
      let values = [
        [1.386384e-6, 0.99165428, 0.98699284, 4.46212103, 4.34033157],
        [1.1568555e-4, 0.93233732, 0.89534692, 4.22922006, 4.22979305],
      ]
      for (index, values) in values.enumerated() {
        steps.losses[index + 1] = Dictionary(uniqueKeysWithValues: zip(names, values))
      }
      let given = steps
      return try withEitherKernels {
        let method = try CUT(settings, MethodSetting())
        method.chooseNumbers = { layer, isIdentity, _, context in
          given.indices("ids.\(context.index).\(isIdentity ? "B" : "A").\(layer)")
        }
        return try given.differences(method, comparesParameters: false)
      }
    }

    // The last bias of a discriminator has a true gradient of 0 under the hinge; Adam makes a step of
    // its rounding, which moves all verdicts alike. These are PyTorch's steps in f64. A mean verdict is
    // compared as a part of the margin, which is 1.
    private static func spade() throws -> [String] {
      var settings = SPADE.Configuration()
      settings.width = 2
      settings.discriminatorWidth = 8
      var setting = MethodSetting()
      setting.sourceChannels = 6
      var steps = try OfficialSteps("spade")
      let names = ["GAN", "GAN_Feat", "D_Fake", "D_real"]
      let values = [
        [0.01491328, 5.81483892, 0.98506119, 1.01539218],
        [0.00166013, 4.31935013, 0.99838207, 1.00176754],
      ]
      for (index, values) in values.enumerated() {
        steps.losses[index + 1] = Dictionary(uniqueKeysWithValues: zip(names, values))
      }
      let given = steps
      return try withEitherKernels {
        try given.differences(try SPADE(settings, setting), scale: 1, comparesParameters: false)
      }
    }

    /// Differences with oneDNN's kernels, or with libtorch's own if those have none.
    private static func withEitherKernels(_ differences: () throws -> [String]) throws -> [String] {
      let found = try differences()
      guard !found.isEmpty else { return [] }
      Torch.useOneDNN(false)
      defer { Torch.useOneDNN(true) }
      return try differences().isEmpty ? [] : found
    }

    private static func differences(_ method: String) throws -> [String] {
      switch method {
      case "pix2pix": try pix2pix()
      case "pix2pixhd": try pix2pixhd()
      case "cyclegan": try cyclegan()
      case "cut": try cut()
      default: try spade()
      }
    }

    @Test(arguments: ["pix2pix", "cyclegan", "cut", "spade", "pix2pixhd"])
    func `A method follows the official code for three steps`(_ method: String) async {
      await #expect(processExitsWith: .success) { [method = method as String] in
        setenv("ONEDNN_MAX_CPU_ISA", "AVX2", 1)
        let found = try LibtorchTests.OfficialStepTests.differences(method)
        for line in found { FileHandle.standardOutput.write(Data("\(method): \(line)\n".utf8)) }
        exit(found.isEmpty ? 0 : 1)
      }
    }
  }
}
