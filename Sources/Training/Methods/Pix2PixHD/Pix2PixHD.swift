import Base
import Networks

/// High-resolution image synthesis with conditional GANs (Wang et al., 2018).
///
/// A coarse generator, and an enhancer around it that is added once the coarse one has learned; the
/// features of discriminators at several sizes are compared as well as their outputs.
final class Pix2PixHD: TrainingMethod {
  let networks: [(name: String, network: TrainableNetwork)]
  var optimizers: [(name: String, optimizer: Adam)] { [("G", optimizerG), ("D", optimizerD)] }
  private let settings: Configuration
  private let perceptual: PerceptualLoss?
  private let device: TrainingDevice
  private let (g, d): (TrainableNetwork, TrainableNetwork)
  private var optimizerG: Adam
  private let optimizerD: Adam
  private var isGlobalFixed: Bool

  init(_ settings: Configuration, _ setting: MethodSetting) throws(TesseraError) {
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
    let betas = settings.optimizer.betas
    isGlobalFixed = settings.epochsFixedGlobal > 0 && settings.enhancers > 0
    optimizerG = Self.optimizer(g, settings, device, isGlobalFixed: isGlobalFixed)
    optimizerD = Adam([("D", d)], betas: betas, device: device)
  }

  /// The official code starts a new optimizer when the global generator joins in.
  func begin(epoch: Int) {
    let isFixed = settings.enhancers > 0 && epoch < settings.epochsFixedGlobal
    guard isFixed != isGlobalFixed else { return }
    isGlobalFixed = isFixed
    optimizerG = Self.optimizer(g, settings, device, isGlobalFixed: isFixed)
  }

  private static func optimizer(
    _ g: TrainableNetwork, _ settings: Configuration, _ device: TrainingDevice,
    isGlobalFixed: Bool
  ) -> Adam {
    // Enhancers are called model1_1, model1_2 and so on, of which the outermost learns alone.
    Adam([("G", g)], betas: settings.optimizer.betas, device: device) {
      !isGlobalFixed || $0.hasPrefix("model\(settings.enhancers)_")
    }
  }

  func step(_ batch: TensorBatch, _ context: StepContext) throws(TesseraError) -> [Loss] {
    let (labels, target) = (batch.source, batch.target)
    let gan = settings.adversarial
    let rate = settings.optimizer.rate * context.rateFactor
    let made = try context.forward { () throws(TesseraError) in try g.output(labels) }

    // D's view before anything moves.
    d.requireGradients(true)
    optimizerD.clearGradients()
    let (madeD, realD) = try context.forward { () throws(TesseraError) in
      (try judged(labels, made.detached), try judged(labels, target))
    }
    let lossMade = madeD.sum { gan.discriminator($0, isReal: false) }
    let lossReal = realD.sum { gan.discriminator($0, isReal: true) }

    // G.
    d.requireGradients(false)
    optimizerG.clearGradients()
    let output = try context.forward { () throws(TesseraError) in try judged(labels, made) }
    let lossGAN = output.sum(gan.generator)
    var lossG = lossGAN
    var losses = [Loss("G_GAN", lossGAN)]
    if settings.lambdaFeature > 0,
      let matching = output.distance(to: realD)
    {
      let weight =
        settings.lambdaFeature / Double(settings.scales) * 4
        / Double(settings.discriminatorLayers + 1)
      let loss = weight * matching
      lossG = lossG + loss
      losses.append(Loss("G_GAN_Feat", loss))
    }
    if let perceptual {
      let loss = try context.forward { () throws(TesseraError) in
        settings.lambdaFeature * (try perceptual(made, target))
      }
      lossG = lossG + loss
      losses.append(Loss("G_VGG", loss))
    }
    lossG.backward()
    optimizerG.step(rate: rate)

    // D.
    d.requireGradients(true)
    (0.5 * (lossMade + lossReal)).backward()
    optimizerD.step(rate: rate)
    return losses + [Loss("D_real", lossReal), Loss("D_fake", lossMade)]
  }

  /// Features and output of every scale.
  private func judged(
    _ labels: Tensor, _ picture: Tensor
  ) throws(TesseraError) -> MultiscaleOutput {
    MultiscaleOutput(
      try d(Tensor.concatenated([labels, picture.asFloat], axis: 1)), scales: settings.scales)
  }

  func translated(_ batch: TensorBatch) throws(TesseraError) -> Tensor {
    try g.output(batch.source, mode: .evaluation)
  }
}
