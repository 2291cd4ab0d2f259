import Networks

/// The generator and the discriminator of Pix2Pix, CycleGAN and CUT.
public struct NetworkOptions: Sendable, Hashable, Codable {
  /// The generator (`netG`).
  public var generator = GeneratorChoice.resnet(blocks: 9)
  /// The discriminator (`netD`).
  public var discriminator = DiscriminatorChoice.patch(layers: 3)
  /// Channels of the generator's first features (`ngf`).
  public var width = 64
  /// Channels of the discriminator's first features (`ndf`).
  public var discriminatorWidth = 64
  /// Norm of both (`norm`).
  public var norm = NormKind.instance
  /// Norm of the discriminator where it is another: one without learns slowly beside a generator
  /// that has none.
  public var discriminatorNorm: NormKind?
  /// Whether the generator drops features at random in training.
  public var hasDropout = false
  /// Whether strides blur before they skip pixels (CUT's default).
  public var isAntialiased = false
  /// Whether the generator makes the change of a picture (DeblurGAN's `learn_residual`).
  public var isResidual = false
  /// How parameters start.
  public var initialization = Initialization()

  /// Makes CycleGAN's defaults.
  public init() {}

  /// The generator for pictures of these channels.
  ///
  /// - Throws: Where it is to be residual and has not as many channels going in as out.
  func generator(from inputs: Int, to outputs: Int) throws(TrainingError) -> any Network {
    guard !isResidual || inputs == outputs else {
      throw TrainingError(
        "--residual needs as many channels in the source as in the target, here are \(inputs) and"
          + " \(outputs); leave it out")
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
