import Base
import Networks

/// The generator and the discriminator of Pix2Pix, CycleGAN and CUT.
package struct NetworkOptions: Sendable, Hashable, Codable {
  /// The generator (`netG`).
  package var generator = GeneratorChoice.resnet(blocks: 9)
  /// The discriminator (`netD`).
  package var discriminator = DiscriminatorChoice.patch(layers: 3)
  /// Channels of the generator's first features (`ngf`).
  package var width = 64
  /// Channels of the discriminator's first features (`ndf`).
  package var discriminatorWidth = 64
  /// Norm of both (`norm`).
  package var norm = NormKind.instance
  /// Norm of the discriminator where it is another: one without learns slowly beside a generator
  /// that has none.
  package var discriminatorNorm: NormKind?
  /// Whether the generator drops features at random in training.
  package var hasDropout = false
  /// Whether strides blur before they skip pixels (CUT's default).
  package var isAntialiased = false
  /// Whether the generator makes the change of a picture (DeblurGAN's `learn_residual`).
  package var isResidual = false
  /// How parameters start.
  package var initialization = Initialization()

  /// Makes CycleGAN's defaults.
  package init() {}

  /// The generator for pictures of these channels.
  ///
  /// - Throws: Where it is to be residual and has not as many channels going in as out.
  func generator(from inputs: Int, to outputs: Int) throws(TesseraError) -> any Network {
    guard !isResidual || inputs == outputs else {
      throw TesseraError(
        "--residual", "making the generator",
        "it needs as many channels in the source as in the target, here are \(inputs) and \(outputs);"
          + " leave it out")
    }
    switch generator {
    case .resnet(let blocks):
      var network = ResNetGenerator()
      network.inputChannels = inputs
      network.outputChannels = outputs
      network.width = width
      network.blocks = blocks
      network.norm = norm
      network.hasBias = norm == .instance
      network.hasDropout = hasDropout
      network.blursDown = isAntialiased
      network.blursUp = isAntialiased
      network.isResidual = isResidual
      return network
    case .unet(let side):
      var network = UNetGenerator()
      network.inputChannels = inputs
      network.outputChannels = outputs
      network.width = width
      network.downs = side.trailingZeroBitCount
      network.norm = norm
      network.hasBias = norm == .instance
      network.hasDropout = hasDropout
      return network
    case .stainNet:
      var network = StainNet()
      network.inputChannels = inputs
      network.outputChannels = outputs
      network.width = width
      network.isResidual = isResidual
      return network
    }
  }

  /// The discriminator for pictures of these channels.
  func discriminator(_ channels: Int) -> any Network {
    let norm = discriminatorNorm ?? norm
    switch discriminator {
    case .pixel:
      var network = PixelDiscriminator()
      network.inputChannels = channels
      network.width = discriminatorWidth
      network.norm = norm
      network.hasBias = norm == .instance
      return network
    case .patch(let layers):
      var network = PatchDiscriminator()
      network.inputChannels = channels
      network.width = discriminatorWidth
      network.layers = layers
      network.norm = norm
      network.hasBias = norm == .instance
      network.blursDown = isAntialiased
      return network
    }
  }
}

extension NetworkOptions {
  static let generatorHelp =
    "Generator: unet_256, resnet_9blocks and so on, or stainnet"

  /// The options of both networks but the generator's kind, which some methods choose otherwise.
  static let options: [MethodOption<NetworkOptions>] =
    [
      MethodOption(
        "discriminator", \.discriminator, nil,
        "Discriminator: basic, pixel, patch16, 34, 142 or 286"),
      MethodOption("ngf", \.width, .within(1...4096), "The generator's first channels"),
      MethodOption(
        "ndf", \.discriminatorWidth, .within(1...4096),
        "The discriminator's first channels"),
      MethodOption("norm", \.norm, .all, "Norm"),
      MethodOption(
        "discriminator-norm", \.discriminatorNorm, .all, "Norm of the discriminator",
        unset: "as --norm"),
      MethodOption(flag: "dropout", \.hasDropout, "Drop features at random"),
      MethodOption(
        flag: "antialias", \.isAntialiased, "Blur before strides", formerly: "antialiased"),
      MethodOption(
        flag: "residual", \.isResidual, "Learn the change of the picture"),
    ] + Initialization.options.map { $0.within(\.initialization) }

  /// Refuses what a U-Net has not.
  func checkResidual(_ generator: GeneratorChoice?) throws(TesseraError) {
    guard isResidual, !(generator?.canBeResidual ?? false) else { return }
    throw TesseraError(
      "--residual", "reading the options",
      "a U-Net has none; add --generator resnet_9blocks or stainnet")
  }
}

extension Initialization {
  static let options: [MethodOption<Initialization>] = [
    MethodOption("init-type", \.kind, .all, "Distribution of the initial weights"),
    MethodOption("init-gain", \.gain, .from(0), "Factor of the initial weights"),
  ]
}
