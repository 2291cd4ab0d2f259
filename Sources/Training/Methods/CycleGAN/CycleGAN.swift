import Base
import Networks

/// Unpaired image-to-image translation using cycle-consistent adversarial networks (Zhu et al., 2017).
///
/// G_A makes B of A and G_B makes A of B; each must fool a discriminator, and both in a row must give
/// back what went in.
final class CycleGAN: TrainingMethod {
  let networks: [(name: String, network: TrainableNetwork)]
  let optimizers: [(name: String, optimizer: Adam)]
  let pools: [(name: String, pool: ImagePool)]
  let generatorName = "G_A"
  private let settings: Configuration
  private let (gA, gB): (TrainableNetwork, TrainableNetwork)
  private let (dA, dB): (TrainableNetwork, TrainableNetwork)
  private let (optimizerG, optimizerD): (Adam, Adam)
  private let (poolA, poolB): (ImagePool, ImagePool)

  init(_ settings: Configuration, _ setting: MethodSetting) throws(TesseraError) {
    self.settings = settings
    let (a, b) = (setting.sourceChannels, setting.targetChannels)
    guard settings.lambdaIdentity == 0 || a == b else {
      throw TesseraError(
        "--lambda-identity", "preparing the loss",
        "it needs as many channels in both domains, here are \(a) and \(b); add --lambda-identity 0"
      )
    }
    let options = settings.networks
    let initialization = options.initialization
    gA = try setting.network(try options.generator(from: a, to: b), "G_A", initialization)
    gB = try setting.network(try options.generator(from: b, to: a), "G_B", initialization)
    dA = try setting.network(options.discriminator(b), "D_A", initialization)
    dB = try setting.network(options.discriminator(a), "D_B", initialization)
    networks = [("G_A", gA), ("G_B", gB), ("D_A", dA), ("D_B", dB)]
    let betas = settings.optimizer.betas
    optimizerG = Adam([("G_A", gA), ("G_B", gB)], betas: betas, device: setting.device)
    optimizerD = Adam([("D_A", dA), ("D_B", dB)], betas: betas, device: setting.device)
    optimizers = [("G", optimizerG), ("D", optimizerD)]
    (poolA, poolB) = (ImagePool(settings.poolSize), ImagePool(settings.poolSize))
    pools = [("A", poolA), ("B", poolB)]
  }

  func step(_ batch: TensorBatch, _ context: StepContext) throws(TesseraError) -> [Loss] {
    let (a, b) = (batch.source, batch.target)
    let gan = settings.adversarial
    let rate = settings.optimizer.rate * context.rateFactor

    // Both generators.
    for d in [dA, dB] { d.requireGradients(false) }
    optimizerG.clearGradients()
    let (fakeB, fakeA, ganA, ganB, cycleA, cycleB) = try context.forward {
      () throws(TesseraError) in
      let (fakeB, fakeA) = (try gA.output(a), try gB.output(b))
      let (againA, againB) = (try gB.output(fakeB), try gA.output(fakeA))
      return (
        fakeB, fakeA, gan.generator(try dA.output(fakeB)), gan.generator(try dB.output(fakeA)),
        settings.lambdaCycle * FeatureLosses.l1(againA, a),
        settings.lambdaCycle * FeatureLosses.l1(againB, b)
      )
    }
    var lossG = ganA + ganB + cycleA + cycleB
    var losses = [Loss("G_A", ganA), Loss("cycle_A", cycleA)]
    var lossesB = [Loss("G_B", ganB), Loss("cycle_B", cycleB)]
    if settings.lambdaIdentity > 0 {
      let (idtA, idtB) = try context.forward { () throws(TesseraError) in
        (
          settings.lambdaCycle * settings.lambdaIdentity * FeatureLosses.l1(try gA.output(b), b),
          settings.lambdaCycle * settings.lambdaIdentity * FeatureLosses.l1(try gB.output(a), a)
        )
      }
      lossG = lossG + idtA + idtB
      losses.append(Loss("idt_A", idtA))
      lossesB.append(Loss("idt_B", idtB))
    }
    if settings.lambdaPaired > 0 {
      let paired =
        settings.lambdaPaired * (FeatureLosses.l1(fakeB, b) + FeatureLosses.l1(fakeA, a))
      lossG = lossG + paired
      losses.append(Loss("paired", paired))
    }
    lossG.backward()
    optimizerG.step(rate: rate)

    // Both discriminators, on pictures of now or before.
    for d in [dA, dB] { d.requireGradients(true) }
    optimizerD.clearGradients()
    let lossA = try discriminate(dA, real: b, made: fakeB, poolA, context, place: 0)
    let lossB = try discriminate(dB, real: a, made: fakeA, poolB, context, place: 1)
    optimizerD.step(rate: rate)
    return [Loss("D_A", lossA)] + losses + [Loss("D_B", lossB)] + lossesB
  }

  private func discriminate(
    _ d: TrainableNetwork, real: Tensor, made: Tensor, _ pool: ImagePool, _ context: StepContext,
    place: Int
  ) throws(TesseraError) -> Tensor {
    var numbers = context.numbers(.pool, place)
    let made = pool.exchange(made.asFloat.detached, &numbers)
    let gan = settings.adversarial
    var loss = try context.forward { () throws(TesseraError) in
      0.5
        * (gan.discriminator(try d.output(real), isReal: true)
          + gan.discriminator(try d.output(made), isReal: false))
    }
    if gan == .wgangp {
      var numbers = context.numbers(.penalty, place)
      loss =
        loss
        + (try AdversarialLoss.gradientPenalty(
          real: real, made: made, numbers: &numbers, device: context.device
        ) { between throws(TesseraError) in try d.output(between) })
    }
    loss.backward()
    return loss
  }

  func translated(_ batch: TensorBatch) throws(TesseraError) -> Tensor {
    try gA.output(batch.source, mode: .evaluation)
  }
}
