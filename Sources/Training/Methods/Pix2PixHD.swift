import Networks

/// High-resolution image synthesis with conditional GANs (Wang et al., 2018).
///
/// A coarse generator, and an enhancer around it that is added once the coarse one has learned; the
/// features of discriminators at several sizes are compared as well as their verdicts.
final class Pix2PixHD: TrainingMethod {
  /// Settings, with the paper's defaults.
  struct Configuration: Sendable, Hashable, Codable {
    /// Channels of the generator's first features (`ngf`); 32 for the local one.
    var width = 64
    /// Channels of the discriminator's first features (`ndf`).
    var discriminatorWidth = 64
    /// Halvings of the global generator (`n_downsample_global`).
    var downs = 4
    /// Residual blocks of the global generator (`n_blocks_global`).
    var blocks = 9
    /// Enhancers around it (`n_local_enhancers`); 0 trains the global generator alone (`netG global`).
    var enhancers = 0
    /// Residual blocks of an enhancer (`n_blocks_local`).
    var enhancerBlocks = 3
    /// Epochs during which only the enhancers learn (`niter_fix_global`).
    var epochsFixedGlobal = 0
    /// Layers of a discriminator (`n_layers_D`).
    var discriminatorLayers = 3
    /// Sizes at which pictures are judged (`num_D`).
    var scales = 2
    /// How verdicts become a loss.
    var adversarial = AdversarialLoss.lsgan
    /// Weight of the distance between features (`lambda_feat`), the perceptual loss's too.
    var lambdaFeature = 10.0
    /// How parameters start.
    var initialization = Initialization(.normal, drawsBiases: true)
    var optimiser = OptimiserOptions()

    init() {}

    /// What the sides of pictures are multiples of.
    var sizeMultiple: Int { 1 << (downs + enhancers) }

    /// The generator for label maps or pictures of these channels.
    func generator(from inputs: Int, to outputs: Int) -> any Network {
      var global = ResNetGenerator()
      global.inputChannels = inputs
      global.outputChannels = outputs
      global.downs = downs
      global.blocks = blocks
      global.width = width << enhancers
      guard enhancers > 0 else { return global }
      var local = LocalEnhancer()
      local.global = global
      local.width = width
      local.enhancers = enhancers
      local.blocks = enhancerBlocks
      return local
    }
  }

  let networks: [(name: String, network: TrainableNetwork)]
  var optimisers: [(name: String, optimiser: Adam)] { [("G", optimiserG), ("D", optimiserD)] }
  private let settings: Configuration
  private let perceptual: PerceptualLoss?
  private let device: TrainingDevice
  private let (g, d): (TrainableNetwork, TrainableNetwork)
  private var optimiserG: Adam
  private let optimiserD: Adam
  private var isGlobalFixed: Bool

  init(_ settings: Configuration, _ setting: MethodSetting) throws(TrainingError) {
    self.settings = settings
    perceptual = setting.perceptual
    device = setting.device
    g = try setting.network(
      settings.generator(from: setting.sourceChannels, to: setting.targetChannels), "G",
      settings.initialization)
    var discriminator = MultiscaleDiscriminator()
    discriminator.inputChannels = setting.sourceChannels + setting.targetChannels
    discriminator.width = settings.discriminatorWidth
    discriminator.layers = settings.discriminatorLayers
    discriminator.scales = settings.scales
    d = try setting.network(discriminator, "D", settings.initialization)
    networks = [("G", g), ("D", d)]
    let betas = settings.optimiser.betas
    isGlobalFixed = settings.epochsFixedGlobal > 0 && settings.enhancers > 0
    optimiserG = Self.optimiser(g, settings, device, isGlobalFixed: isGlobalFixed)
    optimiserD = Adam([("D", d)], betas: betas, device: device)
  }

  /// The official code starts a new optimiser when the global generator joins in.
  func begin(epoch: Int) {
    let isFixed = settings.enhancers > 0 && epoch < settings.epochsFixedGlobal
    guard isFixed != isGlobalFixed else { return }
    isGlobalFixed = isFixed
    optimiserG = Self.optimiser(g, settings, device, isGlobalFixed: isFixed)
  }

  private static func optimiser(
    _ g: TrainableNetwork, _ settings: Configuration, _ device: TrainingDevice,
    isGlobalFixed: Bool
  ) -> Adam {
    // Enhancers are called model1_1, model1_2 and so on, of which the outermost learns alone.
    Adam([("G", g)], betas: settings.optimiser.betas, device: device) {
      !isGlobalFixed || $0.hasPrefix("model\(settings.enhancers)_")
    }
  }

  func step(_ batch: TensorBatch, _ context: StepContext) throws(TrainingError) -> [Loss] {
    let (labels, target) = (batch.source, batch.target)
    let gan = settings.adversarial
    let rate = settings.optimiser.rate * context.rateFactor
    let made = try context.forward { () throws(TrainingError) in try g.output(labels) }

    // D's view before anything moves.
    d.requireGradients(true)
    optimiserD.clearGradients()
    let (madeD, realD) = try context.forward { () throws(TrainingError) in
      (try judged(labels, made.detached), try judged(labels, target))
    }
    let lossMade = madeD.sum { gan.discriminator($0, isReal: false) }
    let lossReal = realD.sum { gan.discriminator($0, isReal: true) }

    // G.
    d.requireGradients(false)
    optimiserG.clearGradients()
    let verdicts = try context.forward { () throws(TrainingError) in try judged(labels, made) }
    let lossGAN = verdicts.sum(gan.generator)
    var lossG = lossGAN
    var losses = [Loss("G_GAN", lossGAN)]
    if settings.lambdaFeature > 0,
      let matching = verdicts.distance(to: realD)
    {
      let weight =
        settings.lambdaFeature / Double(settings.scales) * 4
        / Double(settings.discriminatorLayers + 1)
      let loss = weight * matching
      lossG = lossG + loss
      losses.append(Loss("G_GAN_Feat", loss))
    }
    if let perceptual {
      let loss = try context.forward { () throws(TrainingError) in
        settings.lambdaFeature * (try perceptual(made, target))
      }
      lossG = lossG + loss
      losses.append(Loss("G_VGG", loss))
    }
    lossG.backward()
    optimiserG.step(rate: rate)

    // D.
    d.requireGradients(true)
    (0.5 * (lossMade + lossReal)).backward()
    optimiserD.step(rate: rate)
    return losses + [Loss("D_real", lossReal), Loss("D_fake", lossMade)]
  }

  /// Features and verdict of every scale.
  private func judged(
    _ labels: Tensor, _ picture: Tensor
  ) throws(TrainingError) -> ScaledVerdicts {
    ScaledVerdicts(
      try d(Tensor.concatenated([labels, picture.asFloat], axis: 1)), scales: settings.scales)
  }

  func translated(_ batch: TensorBatch) throws(TrainingError) -> Tensor {
    try g.output(batch.source, mode: .evaluation)
  }
}
