import Base
import Networks

/// Contrastive learning for unpaired image-to-image translation (Park et al., 2020), and FastCUT.
///
/// One generator and one discriminator. Instead of a way back, patches of the result must be nearer
/// to their own place in the source than to others, in the eyes of the generator's own encoder.
final class CUT: TrainingMethod {
  let networks: [(name: String, network: TrainableNetwork)]
  let optimizers: [(name: String, optimizer: Adam)]
  /// Which places are compared, of `count` places; random unless a test says which.
  var chooseNumbers:
    (_ layer: Int, _ isIdentity: Bool, _ count: Int, _ context: StepContext) -> [Int]
  private let settings: Configuration
  private let nce: PatchNCE
  private let (g, d, f): (TrainableNetwork, TrainableNetwork, TrainableNetwork)
  private let (optimizerG, optimizerD, optimizerF): (Adam, Adam, Adam)
  private var modules: [String] { settings.layers.map { "model.\($0)" } }

  init(_ settings: Configuration, _ setting: MethodSetting) throws(TesseraError) {
    self.settings = settings
    nce = PatchNCE(
      temperature: settings.temperature, acrossBatch: settings.contrastsAcrossBatch,
      device: setting.device)
    let patches = settings.patches
    chooseNumbers = { layer, isIdentity, count, context in
      var numbers = context.numbers(.patches, layer * 2 + (isIdentity ? 1 : 0))
      return numbers.sample(min(patches, count), of: count)
    }
    let options = settings.networks
    guard case .resnet = options.generator else {
      throw TesseraError(
        "--generator", "making the generator",
        "CUT compares features of a ResNet generator; choose --generator resnet_9blocks")
    }
    let (a, b) = (setting.sourceChannels, setting.targetChannels)
    guard a == b else {
      throw TesseraError(
        "training data", "making the generator",
        "CUT looks at both domains with one encoder, which needs as many channels in both; here are"
          + " \(a) and \(b)")
    }
    g = try setting.network(try options.generator(from: a, to: b), "G", options.initialization)
    d = try setting.network(options.discriminator(b), "D", options.initialization)
    let lengths = try Self.lengths(g, settings.layers, setting)
    f = try setting.network(
      PatchProjection(inputs: lengths, outputs: settings.featureLength), "F",
      options.initialization)
    networks = [("G", g), ("D", d), ("F", f)]
    let betas = settings.optimizer.betas
    optimizerG = Adam([("G", g)], betas: betas, device: setting.device)
    optimizerD = Adam([("D", d)], betas: betas, device: setting.device)
    optimizerF = Adam([("F", f)], betas: betas, device: setting.device)
    optimizers = [("G", optimizerG), ("D", optimizerD), ("F", optimizerF)]
  }

  /// Channels of the layers that are compared.
  private static func lengths(
    _ g: TrainableNetwork, _ layers: [Int], _ setting: MethodSetting
  ) throws(TesseraError) -> [Int] {
    let probe = Tensor(
      filled: 0, shape: [1, setting.sourceChannels, 32, 32], device: setting.device)
    let features = try Torch.withoutGradients { () throws(TesseraError) in
      try g.features(probe, modules: layers.map { "model.\($0)" }, mode: .evaluation)
    }
    return features.map { $0.shape[1] }
  }

  func step(_ batch: TensorBatch, _ context: StepContext) throws(TesseraError) -> [Loss] {
    let (a, b) = (batch.source, batch.target)
    let count = a.shape[0]
    let gan = settings.adversarial
    let rate = settings.optimizer.rate * context.rateFactor
    var coin = context.numbers(.flips)
    let isFlipped = settings.isFlipEquivariant && coin.coin()
    let both = settings.hasIdentity ? Tensor.concatenated([a, b], axis: 0) : a
    // The encoder's view of the sources comes with the forward pass, unless that sees them mirrored.
    let outputs = try context.forward { () throws(TesseraError) in
      try g.features(
        isFlipped ? both.flipped(axis: 3) : both, modules: isFlipped ? [] : modules,
        withOutput: true)
    }
    let result = outputs[outputs.count - 1]
    let fakeB = settings.hasIdentity ? result.sliced(axis: 0, from: 0, to: count) : result

    // D.
    d.requireGradients(true)
    optimizerD.clearGradients()
    let (lossMade, lossReal) = try context.forward { () throws(TesseraError) in
      (
        gan.discriminator(try d.output(fakeB.detached), isReal: false),
        gan.discriminator(try d.output(b), isReal: true)
      )
    }
    (0.5 * (lossMade + lossReal)).backward()
    optimizerD.step(rate: rate)

    // G and F.
    d.requireGradients(false)
    optimizerG.clearGradients()
    optimizerF.clearGradients()
    let lossGAN = try context.forward { () throws(TesseraError) in
      settings.lambdaGAN * gan.generator(try d.output(fakeB))
    }
    let sources =
      try isFlipped ? encoded(a, context, withGradients: false) : Array(outputs.dropLast())
    let seen = try encoded(result, context, withGradients: true)
      .map { isFlipped ? $0.flipped(axis: 3) : $0 }
    func part(_ features: [Tensor], _ isIdentity: Bool) -> [Tensor] {
      guard settings.hasIdentity else { return features }
      let start = isIdentity ? count : 0
      return features.map { $0.sliced(axis: 0, from: start, to: start + count) }
    }
    let lossNCE = try contrast(part(seen, false), part(sources, false), false, context)
    var losses = [Loss("G_GAN", lossGAN)]
    var lossG = lossGAN
    if settings.hasIdentity {
      let lossY = try contrast(part(seen, true), part(sources, true), true, context)
      lossG = lossG + 0.5 * (lossNCE + lossY)
      losses += [Loss("NCE", lossNCE), Loss("NCE_Y", lossY)]
    } else {
      lossG = lossG + lossNCE
      losses.append(Loss("NCE", lossNCE))
    }
    if settings.lambdaPaired > 0 {
      let target = isFlipped ? b.flipped(axis: 3) : b
      let paired = settings.lambdaPaired * FeatureLosses.l1(fakeB, target)
      lossG = lossG + paired
      losses.append(Loss("paired", paired))
    }
    lossG.backward()
    optimizerG.step(rate: rate)
    optimizerF.step(rate: rate)
    return losses + [Loss("D_real", lossReal), Loss("D_fake", lossMade)]
  }

  private func encoded(
    _ pictures: Tensor, _ context: StepContext, withGradients: Bool
  ) throws(TesseraError) -> [Tensor] {
    func features() throws(TesseraError) -> [Tensor] {
      try context.forward { () throws(TesseraError) in
        try g.features(pictures, modules: modules)
      }
    }
    return try withGradients ? features() : Torch.withoutGradients(features)
  }

  /// The contrastive loss, mean over layers, weight included.
  private func contrast(
    _ seen: [Tensor], _ sources: [Tensor], _ isIdentity: Bool, _ context: StepContext
  ) throws(TesseraError) -> Tensor {
    let places = seen.enumerated().map { layer, feature in
      let count = feature.shape[2] * feature.shape[3]
      return Tensor(
        indices: chooseNumbers(layer, isIdentity, count, context), device: context.device)
    }
    let query = try projected(seen, places, context)
    let key = try Torch.withoutGradients { () throws(TesseraError) in
      try projected(sources.map(\.detached), places, context)
    }
    var sum = nce(query[0], key[0], images: seen[0].shape[0])
    for layer in query.indices.dropFirst() {
      sum = sum + nce(query[layer], key[layer], images: seen[0].shape[0])
    }
    return settings.lambdaNCE * (sum / Double(query.count))
  }

  /// Unit vectors of the chosen places, [images x places, length].
  private func projected(
    _ features: [Tensor], _ places: [Tensor], _ context: StepContext
  ) throws(TesseraError) -> [Tensor] {
    let rows = zip(features, places).map { feature, places in
      let (images, channels) = (feature.shape[0], feature.shape[1])
      return feature.reshaped([images, channels, -1]).selected(places, axis: 2)
        .permuted([0, 2, 1]).reshaped([-1, channels])
    }
    let vectors = try context.forward { () throws(TesseraError) in try f.outputs(rows) }
    return vectors.map { PatchNCE.unitVectors($0.asFloat) }
  }

  func translated(_ batch: TensorBatch) throws(TesseraError) -> Tensor {
    try g.output(batch.source, mode: .evaluation)
  }
}
