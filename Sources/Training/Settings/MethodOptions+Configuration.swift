import Networks

/// Replaces a value where another was chosen.
infix operator <-? : AssignmentPrecedence

private func <-? <Value>(value: inout Value, chosen: Value?) {
  if let chosen { value = chosen }
}

extension MethodOptions {
  /// A method's published settings with what was chosen.
  enum Configuration: Sendable, Encodable {
    case pix2pix(Pix2Pix.Configuration)
    case cyclegan(CycleGAN.Configuration)
    case cut(CUT.Configuration)
    case spade(SPADE.Configuration)
    case pix2pixhd(Pix2PixHD.Configuration)

    /// Writes the settings of the method.
    func encode(to encoder: any Encoder) throws {
      switch self {
      case .pix2pix(let settings): try settings.encode(to: encoder)
      case .cyclegan(let settings): try settings.encode(to: encoder)
      case .cut(let settings): try settings.encode(to: encoder)
      case .spade(let settings): try settings.encode(to: encoder)
      case .pix2pixhd(let settings): try settings.encode(to: encoder)
      }
    }

    /// What the sides of pictures are multiples of.
    var sizeMultiple: Int {
      switch self {
      case .pix2pix(let settings): settings.networks.generator.sizeMultiple
      case .cyclegan(let settings): settings.networks.generator.sizeMultiple
      case .cut(let settings): settings.networks.generator.sizeMultiple
      case .spade(let settings): settings.sizeMultiple
      case .pix2pixhd(let settings): settings.sizeMultiple
      }
    }

    /// The method, with new networks.
    func make(_ setting: MethodSetting) throws(TrainingError) -> any TrainingMethod {
      switch self {
      case .pix2pix(let settings): try Pix2Pix(settings, setting)
      case .cyclegan(let settings): try CycleGAN(settings, setting)
      case .cut(let settings): try CUT(settings, setting)
      case .spade(let settings): try SPADE(settings, setting)
      case .pix2pixhd(let settings): try Pix2PixHD(settings, setting)
      }
    }
  }

  /// The settings of a method.
  ///
  /// - Throws: An error for an option that the method does not have.
  func configuration(of method: MethodName) throws(TrainingError) -> Configuration {
    try checkUse(in: method)
    switch method {
    case .pix2pix:
      var settings = Pix2Pix.Configuration()
      change(&settings.networks, &settings.optimiser, &settings.adversarial)
      settings.lambdaL1 <-? lambdaL1
      settings.lambdaPerceptual <-? lambdaPerceptual
      return .pix2pix(settings)
    case .cyclegan:
      var settings = CycleGAN.Configuration()
      change(&settings.networks, &settings.optimiser, &settings.adversarial)
      settings.lambdaA <-? lambdaCycle
      settings.lambdaB <-? lambdaCycle
      settings.lambdaIdentity <-? lambdaIdentity
      settings.lambdaPaired <-? lambdaPaired
      settings.poolSize <-? poolSize
      return .cyclegan(settings)
    case .cut, .fastcut:
      var settings = method == .fastcut ? CUT.Configuration.fast : CUT.Configuration()
      change(&settings.networks, &settings.optimiser, &settings.adversarial)
      settings.lambdaNCE <-? lambdaNCE
      settings.lambdaGAN <-? lambdaGAN
      settings.hasIdentity <-? nceIdentity
      settings.layers <-? nceLayers
      settings.patches <-? patches
      settings.lambdaPaired <-? lambdaPaired
      return .cut(settings)
    case .spade:
      var settings = SPADE.Configuration()
      change(&settings.initialization, &settings.optimiser, &settings.adversarial)
      settings.width <-? ngf
      settings.discriminatorWidth <-? ndf
      settings.upsampling <-? upsampling
      settings.discriminatorLayers <-? discriminatorLayers
      settings.scales <-? scales
      settings.lambdaFeature <-? lambdaFeature
      settings.lambdaPerceptual <-? lambdaPerceptual
      settings.lambdaKLD <-? lambdaKLD
      settings.hasTwoTimeScales <-? twoTimeScales
      settings.latentLength = usesVAE == true ? zDim ?? 256 : nil
      return .spade(settings)
    case .pix2pixhd:
      var settings = Pix2PixHD.Configuration()
      change(&settings.initialization, &settings.optimiser, &settings.adversarial)
      settings.enhancers <-? enhancers
      settings.width = settings.enhancers > 0 ? 32 : 64
      settings.width <-? ngf
      settings.discriminatorWidth <-? ndf
      settings.downs <-? downs
      settings.blocks <-? blocks
      settings.enhancerBlocks <-? enhancerBlocks
      settings.epochsFixedGlobal <-? epochsFixedGlobal
      settings.discriminatorLayers <-? discriminatorLayers
      settings.scales <-? scales
      settings.lambdaFeature <-? lambdaFeature
      return .pix2pixhd(settings)
    }
  }

  private func change(
    _ networks: inout NetworkOptions, _ optimiser: inout OptimiserOptions,
    _ adversarial: inout AdversarialLoss
  ) {
    networks.generator <-? generator
    networks.discriminator <-? discriminator
    networks.width <-? ngf
    networks.discriminatorWidth <-? ndf
    networks.norm <-? norm
    networks.discriminatorNorm <-? discriminatorNorm
    networks.hasDropout <-? dropout
    networks.isAntialiased <-? antialiased
    networks.isResidual <-? residual
    change(&networks.initialization, &optimiser, &adversarial)
  }

  private func change(
    _ initialization: inout Initialization, _ optimiser: inout OptimiserOptions,
    _ adversarial: inout AdversarialLoss
  ) {
    initialization.kind <-? initType
    initialization.gain <-? initGain
    optimiser.rate <-? learningRate
    optimiser.beta1 <-? beta1
    optimiser.beta2 <-? beta2
    adversarial <-? ganMode
  }

  /// Options of other methods are a mistake, not a wish to be ignored.
  private func checkUse(in method: MethodName) throws(TrainingError) {
    let isCUT = method == .cut || method == .fastcut
    let isPlain = method == .pix2pix || method == .cyclegan || isCUT
    let isScaled = method == .spade || method == .pix2pixhd
    if residual == true, !(generator?.canBeResidual ?? (method != .pix2pix)) {
      throw TrainingError(
        "--residual: a U-Net has none; add --generator resnet_9blocks or stainnet")
    }
    let uses: [(name: String, isGiven: Bool, isUsed: Bool)] = [
      ("generator", generator != nil, isPlain), ("discriminator", discriminator != nil, isPlain),
      ("norm", norm != nil, isPlain),
      ("discriminator-norm", discriminatorNorm != nil, isPlain),
      ("dropout", dropout != nil, isPlain),
      ("antialias", antialiased != nil, isPlain), ("residual", residual != nil, isPlain),
      ("lambda-l1", lambdaL1 != nil, method == .pix2pix),
      ("lambda-cycle", lambdaCycle != nil, method == .cyclegan),
      ("lambda-identity", lambdaIdentity != nil, method == .cyclegan),
      ("pool-size", poolSize != nil, method == .cyclegan), ("lambda-nce", lambdaNCE != nil, isCUT),
      ("lambda-gan", lambdaGAN != nil, isCUT), ("nce-identity", nceIdentity != nil, isCUT),
      ("nce-layers", nceLayers != nil, isCUT), ("patches", patches != nil, isCUT),
      ("lambda-paired", lambdaPaired != nil, isCUT || method == .cyclegan),
      ("lambda-perceptual", lambdaPerceptual != nil, method == .pix2pix || method == .spade),
      ("lambda-feature", lambdaFeature != nil, isScaled),
      ("lambda-kld", lambdaKLD != nil, method == .spade),
      ("use-vae", usesVAE != nil, method == .spade), ("z-dim", zDim != nil, usesVAE == true),
      ("upsampling", upsampling != nil, method == .spade),
      ("two-time-scales", twoTimeScales != nil, method == .spade),
      ("discriminator-layers", discriminatorLayers != nil, isScaled),
      ("scales", scales != nil, isScaled), ("downs", downs != nil, method == .pix2pixhd),
      ("blocks", blocks != nil, method == .pix2pixhd),
      ("enhancers", enhancers != nil, method == .pix2pixhd),
      ("enhancer-blocks", enhancerBlocks != nil, method == .pix2pixhd),
      ("epochs-fixed-global", epochsFixedGlobal != nil, method == .pix2pixhd),
    ]
    for use in uses where use.isGiven && !use.isUsed {
      throw TrainingError(
        "--\(use.name) is no option of \(method.rawValue)"
          + (use.name == "z-dim" && method == .spade ? " without --use-vae" : ""))
    }
    if ganMode == .wgangp, method != .pix2pix, method != .cyclegan {
      throw TrainingError(
        "--gan-mode wgangp needs the gradient penalty, which pix2pix and cyclegan have; choose lsgan, vanilla"
          + " or hinge")
    }
  }
}
