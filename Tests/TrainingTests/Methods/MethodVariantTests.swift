import Base
import Networks
import TestSupport
import Testing

@testable import Training

extension LibtorchTests {
  /// Every way to set a method up, at the smallest widths.
  @Suite struct MethodVariantTests {
    struct Variant: Sendable, CustomTestStringConvertible {
      let name: String
      var side = 32
      let make: @Sendable (MethodSetting) throws -> any TrainingMethod
      var testDescription: String { name }
    }

    private static func small(_ options: inout NetworkOptions) {
      options.width = 4
      options.discriminatorWidth = 4
      if case .resnet = options.generator { options.generator = .resnet(blocks: 1) }
    }

    private static func pix2pix(
      _ name: String, _ change: @escaping @Sendable (inout Pix2Pix.Configuration) -> Void
    ) -> Variant {
      Variant(name: "pix2pix, \(name)") { setting in
        var settings = Pix2Pix.Configuration()
        small(&settings.networks)
        settings.networks.generator = .unet(side: 32)
        change(&settings)
        return try Pix2Pix(settings, setting)
      }
    }

    private static func cycleGAN(
      _ name: String, _ change: @escaping @Sendable (inout CycleGAN.Configuration) -> Void
    ) -> Variant {
      Variant(name: "cyclegan, \(name)") { setting in
        var settings = CycleGAN.Configuration()
        small(&settings.networks)
        settings.poolSize = 2
        change(&settings)
        return try CycleGAN(settings, setting)
      }
    }

    private static func cut(
      _ name: String, _ start: CUT.Configuration,
      _ change: @escaping @Sendable (inout CUT.Configuration) -> Void
    ) -> Variant {
      Variant(name: "cut, \(name)") { setting in
        var settings = start
        small(&settings.networks)
        settings.layers = [0, 4, 8, 12]
        settings.patches = 16
        settings.featureLength = 8
        change(&settings)
        return try CUT(settings, setting)
      }
    }

    private static func hd(
      _ name: String, _ change: @escaping @Sendable (inout Pix2PixHD.Configuration) -> Void
    ) -> Variant {
      Variant(name: "pix2pixhd, \(name)") { setting in
        var settings = Pix2PixHD.Configuration()
        (settings.width, settings.discriminatorWidth, settings.downs, settings.blocks) = (
          4, 4, 2, 1
        )
        change(&settings)
        return try Pix2PixHD(settings, setting)
      }
    }

    private static func spade(
      _ name: String, side: Int = 32,
      _ change: @escaping @Sendable (inout SPADE.Configuration) -> Void
    ) -> Variant {
      Variant(name: "spade, \(name)", side: side) { setting in
        var settings = SPADE.Configuration()
        (settings.width, settings.discriminatorWidth) = (2, 4)
        change(&settings)
        return try SPADE(settings, setting)
      }
    }

    static let variants: [Variant] =
      AdversarialLoss.allCases.map { loss in
        pix2pix("\(loss.rawValue)") { $0.adversarial = loss }
      } + [
        pix2pix("three 1x1 convolutions") { $0.networks.generator = .stainNet },
        pix2pix("pixel discriminator") { $0.networks.discriminator = .pixel },
        pix2pix("instance norm, orthogonal") {
          $0.networks.norm = .instance
          $0.networks.initialization = Initialization(.orthogonal)
        },
        cycleGAN("defaults") { _ in },
        cycleGAN("without identity, kaiming") {
          $0.lambdaIdentity = 0
          $0.networks.initialization = Initialization(.kaiming)
        },
        cycleGAN("paired, wgangp, dropout") {
          $0.lambdaPaired = 1
          $0.adversarial = .wgangp
          $0.networks.hasDropout = true
        },
        cycleGAN("residual, anti-aliased, a norm in the discriminator only") {
          $0.networks.isResidual = true
          $0.networks.isAntialiased = true
          $0.networks.norm = .none
          $0.networks.discriminatorNorm = .instance
        },
        cut("defaults", CUT.Configuration()) { _ in },
        cut("fast", FastCUT().cut) { _ in },
        cut("paired, across the batch", CUT.Configuration()) {
          $0.lambdaPaired = 1
          $0.contrastsAcrossBatch = true
        },
        hd("global") { _ in },
        hd("local, global fixed") {
          $0.enhancers = 1
          $0.enhancerBlocks = 1
          $0.epochsFixedGlobal = 1
        },
        spade("normal") { _ in }, spade("one time scale") { $0.hasTwoTimeScales = false },
        spade("more", side: 64) { $0.upsampling = .more },
        spade("latent vector") { $0.latentLength = 8 },
      ]

    private static func batch(_ index: Int, _ side: Int) -> TensorBatch {
      func picture(_ domain: Int) -> Tensor {
        var numbers = SeededNumbers(seed: 5, .samples, index, domain)
        let values = (0..<(2 * 3 * side * side)).map { _ in Float(2 * numbers.unit() - 1) }
        return Tensor(values, shape: [2, 3, side, side])
      }
      return TensorBatch(source: picture(0), target: picture(1))
    }

    private static func steps(
      _ method: any TrainingMethod, _ range: Range<Int>, _ side: Int
    ) throws -> [Loss] {
      var losses: [Loss] = []
      for index in range {
        method.begin(epoch: index / 2)
        Torch.seed(UInt64(index))
        losses = try method.step(batch(index, side), StepContext(index: index, seed: 1))
        try Torch.check()
      }
      return losses
    }

    private static func state(_ method: any TrainingMethod) -> CheckpointTensors {
      var tensors = CheckpointTensors()
      for (name, network) in method.networks {
        for (parameter, tensor) in network.checkpoint { tensors["\(name).\(parameter)"] = tensor }
      }
      for (name, optimizer) in method.optimizers {
        for (key, tensor) in optimizer.state { tensors["adam.\(name).\(key)"] = tensor }
      }
      for (name, pool) in method.pools {
        for (key, tensor) in pool.state { tensors["pool.\(name).\(key)"] = tensor }
      }
      return tensors
    }

    @Test(arguments: variants)
    func `A method that goes on from its state ends where it would have ended`(
      _ variant: Variant
    ) throws {
      var setting = MethodSetting()
      (setting.height, setting.width) = (variant.side, variant.side)
      let whole = try variant.make(setting)
      let start = Self.state(whole)
      _ = try Self.steps(whole, 0..<3, variant.side)
      let saved = Self.state(whole)
      let losses = try Self.steps(whole, 3..<5, variant.side)
      for loss in losses { #expect(loss.value.isFinite, "\(loss.name)") }
      #expect(Set(losses.map(\.name)).count == losses.count)

      // Other parameters at first, so that nothing is right by itself.
      setting.seed = 9
      let resumed = try variant.make(setting)
      resumed.begin(epoch: 1)
      for (name, network) in resumed.networks { try network.load(saved, prefix: "\(name).") }
      for (name, optimizer) in resumed.optimizers {
        try optimizer.restore(saved, prefix: "adam.\(name).")
      }
      for (name, pool) in resumed.pools {
        pool.restore(saved, prefix: "pool.\(name).", device: .cpu)
      }
      _ = try Self.steps(resumed, 3..<5, variant.side)
      let (end, other) = (Self.state(whole), Self.state(resumed))
      #expect(end.names == other.names)
      let different = end.names.filter { end[$0] != other[$0] }
      #expect(different.isEmpty, "\(different.prefix(3))")

      // Every weight has been moved; those of a fixed part from the second epoch on.
      let still = whole.networks.flatMap { name, network in
        network.learned.map { "\(name).\($0.name)" }.filter {
          $0.hasSuffix("weight") && start[$0] == end[$0]
        }
      }
      #expect(still.isEmpty, "\(still.prefix(3)) never moved")
      let made = try whole.translated(Self.batch(9, variant.side))
      #expect(made.shape == [2, 3, variant.side, variant.side])
      #expect(made.values.allSatisfy { abs($0) <= 1 })
    }

    @Test(.enabled(if: SharedData.isPresent, "needs the shared test data"))
    func `A perceptual loss pulls a picture towards another`() throws {
      let path = SharedData.path("models/onnx_backbones/SqueezeNet_fp16.onnx")
      let loss = try PerceptualLoss(path, device: .cpu)
      let batch = Self.batch(0, 64)
      #expect(try loss(batch.target, batch.target).item == 0)
      let picture = batch.source.copied
      picture.requireGradient()
      let before = try loss(picture, batch.target)
      before.backward()
      let gradient = picture.gradient
      let length = gradient.squared.sum().squareRoot
      let moved = picture.detached - gradient / length
      try Torch.check()
      #expect(try loss(moved, batch.target).item < before.item)
    }

    @Test func `A backbone that is no ONNX file is refused in a line`() throws {
      let folder = try TemporaryDirectory()
      #expect(throws: TesseraError.self) {
        try PerceptualLoss(folder.path("absent.onnx"), device: .cpu)
      }
    }
  }
}
