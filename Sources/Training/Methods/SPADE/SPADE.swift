import Base
import Networks

/// Semantic image synthesis with spatially-adaptive normalization (Park et al., 2019).
///
/// A picture grows from a label map that scales and shifts every norm; discriminators at several
/// sizes judge it together with the map.
final class SPADE: TrainingMethod {
  let networks: [(name: String, network: TrainableNetwork)]
  let optimizers: [(name: String, optimizer: Adam)]
  private let settings: Configuration
  private let perceptual: PerceptualLoss?
  private let (g, d): (TrainableNetwork, TrainableNetwork)
  private let e: TrainableNetwork?
  private let (optimizerG, optimizerD): (Adam, Adam)

  init(_ settings: Configuration, _ setting: MethodSetting) throws(TesseraError) {
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
        throw TesseraError(
          "--use-vae", "making the encoder",
          "it reads RGB, the pictures have \(setting.targetChannels) channels; leave it out")
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
    let betas = settings.optimizer.betas
    optimizerG = Adam(learners, betas: betas, device: setting.device)
    optimizerD = Adam([("D", d)], betas: betas, device: setting.device)
    optimizers = [("G", optimizerG), ("D", optimizerD)]
  }

  func step(_ batch: TensorBatch, _ context: StepContext) throws(TesseraError) -> [Loss] {
    let (labels, target) = (batch.source, batch.target)
    let gan = settings.adversarial
    let rate = settings.optimizer.rate * context.rateFactor
    let rates = settings.hasTwoTimeScales ? (rate / 2, rate * 2) : (rate, rate)

    // G, and E.
    d.requireGradients(false)
    optimizerG.clearGradients()
    let (made, divergence) = try context.forward { () throws(TesseraError) in
      try synthesized(labels, target, context, noise: 0)
    }
    let (outputMade, outputReal) = try context.forward { () throws(TesseraError) in
      try judged(labels, made: made, real: target)
    }
    let scales = Double(settings.scales)
    let lossGAN = outputMade.sum(gan.generator) / scales
    var lossG = lossGAN
    var losses = [Loss("GAN", lossGAN)]
    if settings.lambdaFeature > 0,
      let matching = outputMade.distance(to: outputReal)
    {
      let loss = settings.lambdaFeature / scales * matching
      lossG = lossG + loss
      losses.append(Loss("GAN_Feat", loss))
    }
    if let perceptual {
      let loss = try context.forward { () throws(TesseraError) in
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
    optimizerG.step(rate: rates.0)

    // D, on what the new G makes.
    d.requireGradients(true)
    optimizerD.clearGradients()
    let again = try Torch.withoutGradients { () throws(TesseraError) in
      try context.forward { () throws(TesseraError) in
        try synthesized(labels, target, context, noise: 2).0
      }
    }
    let (madeD, realD) = try context.forward { () throws(TesseraError) in
      try judged(labels, made: again.detached, real: target)
    }
    let lossMade = madeD.sum { gan.discriminator($0, isReal: false) } / scales
    let lossReal = realD.sum { gan.discriminator($0, isReal: true) } / scales
    (lossMade + lossReal).backward()
    optimizerD.step(rate: rates.1)
    return losses + [Loss("D_Fake", lossMade), Loss("D_real", lossReal)]
  }

  /// A picture of the labels, with the divergence of the latent distribution that it came from.
  private func synthesized(
    _ labels: Tensor, _ target: Tensor, _ context: StepContext, noise place: Int
  ) throws(TesseraError) -> (Tensor, Tensor?) {
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

  /// Features and outputs of every scale, made and real pictures in one batch.
  private func judged(
    _ labels: Tensor, made: Tensor, real: Tensor
  ) throws(TesseraError) -> (made: MultiscaleOutput, real: MultiscaleOutput) {
    let pairs = [made, real].map { Tensor.concatenated([labels, $0.asFloat], axis: 1) }
    let outputs = try d(Tensor.concatenated(pairs, axis: 0))
    let output = MultiscaleOutput(outputs, scales: settings.scales)
    let count = labels.shape[0]
    return (output.images(0, count), output.images(count, 2 * count))
  }

  func translated(_ batch: TensorBatch) throws(TesseraError) -> Tensor {
    guard settings.latentLength != nil else {
      return try g.output(batch.source, mode: .evaluation)
    }
    let length = settings.latentLength ?? 0
    let z = Tensor(
      filled: 0, shape: [batch.source.shape[0], length], device: batch.device)
    return try g.output(batch.source, z, mode: .evaluation)
  }
}
