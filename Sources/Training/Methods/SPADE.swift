import Networks

/// Semantic image synthesis with spatially-adaptive normalization (Park et al., 2019).
///
/// A picture grows from a label map that scales and shifts every norm; discriminators at several
/// sizes judge it together with the map.
final class SPADE: TrainingMethod {
  /// Settings, with the paper's defaults.
  struct Configuration: Sendable, Hashable, Codable {
    /// Channels of the generator's last features (`ngf`).
    var width = 64
    /// Channels of the discriminator's first features (`ndf`).
    var discriminatorWidth = 64
    /// How often the picture is doubled.
    var upsampling = SPADEGenerator.Upsampling.normal
    /// Layers of a discriminator before its verdict (`n_layers_D`).
    var discriminatorLayers = 4
    /// Sizes at which pictures are judged (`num_D`).
    var scales = 2
    /// Length of the random vector that pictures start from (`use_vae`, `z_dim`); nil for none.
    var latentLength: Int?
    /// How verdicts become a loss.
    var adversarial = AdversarialLoss.hinge
    /// Weight of the distance between the discriminator's features (`lambda_feat`).
    var lambdaFeature = 10.0
    /// Weight of a perceptual loss, where there is a backbone (`lambda_vgg`).
    var lambdaPerceptual = 10.0
    /// Weight of the divergence of the latent distribution (`lambda_kld`).
    var lambdaKLD = 0.05
    /// Whether the discriminator learns four times as fast (Heusel et al.).
    var hasTwoTimeScales = true
    /// How parameters start.
    var initialization = Initialization(.xavier)
    var optimiser = OptimiserOptions()

    init() {
      optimiser.beta1 = 0
      optimiser.beta2 = 0.9
    }

    /// What the sides of pictures are multiples of.
    var sizeMultiple: Int {
      var network = SPADEGenerator()
      network.upsampling = upsampling
      return network.factor
    }
  }

  let networks: [(name: String, network: TrainableNetwork)]
  let optimisers: [(name: String, optimiser: Adam)]
  private let settings: Configuration
  private let perceptual: PerceptualLoss?
  private let (g, d): (TrainableNetwork, TrainableNetwork)
  private let e: TrainableNetwork?
  private let (optimiserG, optimiserD): (Adam, Adam)

  init(_ settings: Configuration, _ setting: MethodSetting) throws(TrainingError) {
    self.settings = settings
    perceptual = setting.perceptual
    var generator = SPADEGenerator()
    generator.labelChannels = setting.sourceChannels
    generator.outputChannels = setting.targetChannels
    generator.width = settings.width
    generator.upsampling = settings.upsampling
    if let length = settings.latentLength {
      var latent = SPADEGenerator.Latent()
      latent.length = length
      latent.height = setting.height / generator.factor
      latent.width = setting.width / generator.factor
      generator.latent = latent
    }
    var discriminator = SPADEDiscriminator()
    discriminator.inputChannels = setting.sourceChannels + setting.targetChannels
    discriminator.width = settings.discriminatorWidth
    discriminator.layers = settings.discriminatorLayers
    discriminator.scales = settings.scales
    g = try setting.network(generator, "G", settings.initialization)
    d = try setting.network(discriminator, "D", settings.initialization)
    if let length = settings.latentLength {
      guard setting.targetChannels == 3 else {
        throw TrainingError(
          "SPADE's encoder reads RGB, the pictures have \(setting.targetChannels) channels; train"
            + " without --use-vae")
      }
      var encoder = SPADEEncoder()
      encoder.width = settings.width
      encoder.latentLength = length
      e = try setting.network(encoder, "E", settings.initialization)
    } else {
      e = nil
    }
    let learners = [("G", g)] + (e.map { [("E", $0)] } ?? [])
    networks = [("G", g), ("D", d)] + (e.map { [("E", $0)] } ?? [])
    let betas = settings.optimiser.betas
    optimiserG = Adam(learners, betas: betas, device: setting.device)
    optimiserD = Adam([("D", d)], betas: betas, device: setting.device)
    optimisers = [("G", optimiserG), ("D", optimiserD)]
  }

  func step(_ batch: TensorBatch, _ context: StepContext) throws(TrainingError) -> [Loss] {
    let (labels, target) = (batch.source, batch.target)
    let gan = settings.adversarial
    let rate = settings.optimiser.rate * context.rateFactor
    let rates = settings.hasTwoTimeScales ? (rate / 2, rate * 2) : (rate, rate)

    // G, and E.
    d.requireGradients(false)
    optimiserG.clearGradients()
    let (made, divergence) = try context.forward { () throws(TrainingError) in
      try synthesized(labels, target, context, noise: 0)
    }
    let (verdictsMade, verdictsReal) = try context.forward { () throws(TrainingError) in
      try judged(labels, made: made, real: target)
    }
    let scales = Double(settings.scales)
    let lossGAN = verdictsMade.sum(gan.generator) / scales
    var lossG = lossGAN
    var losses = [Loss("GAN", lossGAN)]
    if settings.lambdaFeature > 0,
      let matching = verdictsMade.distance(to: verdictsReal)
    {
      let loss = settings.lambdaFeature / scales * matching
      lossG = lossG + loss
      losses.append(Loss("GAN_Feat", loss))
    }
    if let perceptual {
      let loss = try context.forward { () throws(TrainingError) in
        settings.lambdaPerceptual * (try perceptual(made, target))
      }
      lossG = lossG + loss
      losses.append(Loss("VGG", loss))
    }
    if let divergence {
      let loss = settings.lambdaKLD * divergence
      lossG = lossG + loss
      losses.append(Loss("KLD", loss))
    }
    lossG.backward()
    optimiserG.step(rate: rates.0)

    // D, on what the new G makes.
    d.requireGradients(true)
    optimiserD.clearGradients()
    let again = try Torch.withoutGradients { () throws(TrainingError) in
      try context.forward { () throws(TrainingError) in
        try synthesized(labels, target, context, noise: 2).0
      }
    }
    let (madeD, realD) = try context.forward { () throws(TrainingError) in
      try judged(labels, made: again.detached, real: target)
    }
    let lossMade = madeD.sum { gan.discriminator($0, isReal: false) } / scales
    let lossReal = realD.sum { gan.discriminator($0, isReal: true) } / scales
    (lossMade + lossReal).backward()
    optimiserD.step(rate: rates.1)
    return losses + [Loss("D_Fake", lossMade), Loss("D_real", lossReal)]
  }

  /// A picture of the labels, with the divergence of the latent distribution that it came from.
  private func synthesized(
    _ labels: Tensor, _ target: Tensor, _ context: StepContext, noise place: Int
  ) throws(TrainingError) -> (Tensor, Tensor?) {
    guard let e else { return (try g.output(labels), nil) }
    let side = SPADEEncoder.side
    let latent = try e(target.resizedBilinear(side, side))
    let (mean, logVariance) = (latent[0].asFloat, latent[1].asFloat)
    var numbers = context.numbers(.noise, place)
    let noise = Tensor(
      Initialization.normal(mean.count, mean: 0, deviation: 1, &numbers), shape: mean.shape,
      device: context.device)
    let z = mean + noise * (0.5 * logVariance).exp
    return (
      try g.output(labels, z), FeatureLosses.divergence(mean: mean, logVariance: logVariance)
    )
  }

  /// Features and verdicts of every scale, made and real pictures in one batch.
  private func judged(
    _ labels: Tensor, made: Tensor, real: Tensor
  ) throws(TrainingError) -> (made: ScaledVerdicts, real: ScaledVerdicts) {
    let pairs = [made, real].map { Tensor.concatenated([labels, $0.asFloat], axis: 1) }
    let outputs = try d(Tensor.concatenated(pairs, axis: 0))
    let verdicts = ScaledVerdicts(outputs, scales: settings.scales)
    let count = labels.shape[0]
    return (verdicts.images(0, count), verdicts.images(count, 2 * count))
  }

  func translated(_ batch: TensorBatch) throws(TrainingError) -> Tensor {
    guard settings.latentLength != nil else {
      return try g.output(batch.source, mode: .evaluation)
    }
    let length = settings.latentLength ?? 0
    let z = Tensor(
      filled: 0, shape: [batch.source.shape[0], length], device: batch.device)
    return try g.output(batch.source, z, mode: .evaluation)
  }
}
