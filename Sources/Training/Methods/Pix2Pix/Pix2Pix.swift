import Base
import Networks

/// Image-to-image translation with conditional adversarial networks (Isola et al., 2017).
///
/// G* = arg min_G max_D L_cGAN(G, D) + λ L_L1(G), with D judging pairs of source and result.
final class Pix2Pix: TrainingMethod {
  let networks: [(name: String, network: TrainableNetwork)]
  let optimizers: [(name: String, optimizer: Adam)]
  private let settings: Configuration
  private let perceptual: PerceptualLoss?
  private let (g, d): (TrainableNetwork, TrainableNetwork)
  private let (optimizerG, optimizerD): (Adam, Adam)

  init(_ settings: Configuration, _ setting: MethodSetting) throws(TesseraError) {
    self.settings = settings
    perceptual = setting.perceptual
    let options = settings.networks
    g = try setting.network(
      try options.generator(from: setting.sourceChannels, to: setting.targetChannels), "G",
      options.initialization)
    d = try setting.network(
      options.discriminator(setting.sourceChannels + setting.targetChannels), "D",
      options.initialization)
    networks = [("G", g), ("D", d)]
    let betas = settings.optimizer.betas
    optimizerG = Adam([("G", g)], betas: betas, device: setting.device)
    optimizerD = Adam([("D", d)], betas: betas, device: setting.device)
    optimizers = [("G", optimizerG), ("D", optimizerD)]
  }

  func step(_ batch: TensorBatch, _ context: StepContext) throws(TesseraError) -> [Loss] {
    let (source, target) = (batch.source, batch.target)
    let gan = settings.adversarial
    let rate = settings.optimizer.rate * context.rateFactor
    let made = try context.forward { () throws(TesseraError) in try g.output(source) }

    // D: the made pair is made, the real one is real.
    d.requireGradients(true)
    optimizerD.clearGradients()
    let (lossMade, lossReal) = try context.forward { () throws(TesseraError) in
      (
        gan.discriminator(try judged(source, made.detached), isReal: false),
        gan.discriminator(try judged(source, target), isReal: true)
      )
    }
    var lossD = 0.5 * (lossMade + lossReal)
    var penalty: Tensor?
    if gan == .wgangp {
      var numbers = context.numbers(.penalty)
      penalty = try AdversarialLoss.gradientPenalty(
        real: Tensor.concatenated([source, target], axis: 1),
        made: Tensor.concatenated([source, made.detached], axis: 1), numbers: &numbers,
        device: context.device
      ) { pair throws(TesseraError) in try self.d.output(pair) }
      lossD = penalty.map { lossD + $0 } ?? lossD
    }
    lossD.backward()
    optimizerD.step(rate: rate)

    // G: fool D and stay near the target.
    d.requireGradients(false)
    optimizerG.clearGradients()
    let lossGAN = try context.forward { () throws(TesseraError) in
      gan.generator(try judged(source, made))
    }
    let lossL1 = settings.lambdaL1 * FeatureLosses.l1(made, target)
    var lossG = lossGAN + lossL1
    let lossVGG = try perceptual.map { loss throws(TesseraError) in
      try context.forward { () throws(TesseraError) in
        settings.lambdaPerceptual * (try loss(made, target))
      }
    }
    if let lossVGG { lossG = lossG + lossVGG }
    lossG.backward()
    optimizerG.step(rate: rate)

    return [Loss("G_GAN", lossGAN), Loss("G_L1", lossL1)]
      + (lossVGG.map { [Loss("G_VGG", $0)] } ?? [])
      + [Loss("D_real", lossReal), Loss("D_fake", lossMade)]
      + (penalty.map { [Loss("D_penalty", $0)] } ?? [])
  }

  private func judged(_ source: Tensor, _ result: Tensor) throws(TesseraError) -> Tensor {
    try d.output(Tensor.concatenated([source, result], axis: 1))
  }

  func translated(_ batch: TensorBatch) throws(TesseraError) -> Tensor {
    try g.output(batch.source, mode: .evaluation)
  }
}
