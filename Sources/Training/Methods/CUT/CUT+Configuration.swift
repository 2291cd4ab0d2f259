import Base

extension CUT {
  /// The options of CUT, with the paper's defaults.
  struct Configuration: MethodConfiguration {
    static let (name, title) = ("cut", "CUT")
    static let summary = "Unpaired; LSGAN + PatchNCE (Park et al. 2020)."
    static let epochs = (constant: 200, decay: 200)

    /// Anti-aliased ResNet-9 with instance norm, and an anti-aliased discriminator.
    var networks = NetworkOptions()
    /// How the discriminator's output becomes a loss.
    var adversarial = AdversarialLoss.lsgan
    /// Weight of the adversarial loss.
    var lambdaGAN = 1.0
    /// Weight of the contrastive loss.
    var lambdaNCE = 1.0
    /// Whether a picture of the target domain must stay as it is, too (`nce_idt`).
    var hasIdentity = true
    /// Whether sources are mirrored half of the time, and their features mirrored back.
    var isFlipEquivariant = false
    /// Modules of the generator whose outputs are compared (`nce_layers`).
    var layers = [0, 4, 8, 12, 16]
    /// Places of a layer that are compared (`num_patches`).
    var patches = 256
    /// Length of the vectors that are compared (`netF_nc`).
    var featureLength = 256
    /// Softness of the comparison (`nce_T`).
    var temperature = 0.07
    /// Whether places of other pictures of the batch are contrasted, too.
    var contrastsAcrossBatch = false
    /// Weight of the L1 distance to the other picture of a pair, where the data are paired.
    var lambdaPaired = 0.0
    var optimizer = OptimizerOptions()

    init() {
      networks.isAntialiased = true
      networks.initialization = Initialization(.xavier)
    }

    static let options: [MethodOption<Self>] =
      [
        MethodOption("lambda-nce", \.lambdaNCE, .from(0), "Weight of the contrastive loss"),
        MethodOption("lambda-gan", \.lambdaGAN, .from(0), "Weight of the adversarial loss"),
        MethodOption(
          flag: "nce-identity", \.hasIdentity, "Contrast pictures of the target domain, too"),
        MethodOption(
          "nce-layers", \.layers,
          OptionBounds(words: "1 to 64 modules by number, as in 0,4,8,12,16", choices: nil) {
            (1...64).contains($0.count) && $0.allSatisfy { (0...1000).contains($0) }
          }, "Modules that are compared"),
        MethodOption(
          "patches", \.patches, .within(1...65536), "Places that are compared in each module"),
        MethodOption(
          "lambda-paired", \.lambdaPaired, .from(0),
          "Weight of L1 to the target of pairs"),
        MethodOption(
          "gan-mode", \.adversarial, .among([.vanilla, .lsgan, .hinge, .nonsaturating]),
          "Adversarial loss"),
        MethodOption("generator", \.networks.generator, nil, NetworkOptions.generatorHelp),
      ] + NetworkOptions.options.map { $0.within(\.networks) }
      + OptimizerOptions.options.map { $0.within(\.optimizer) }

    var sizeMultiple: Int { networks.generator.sizeMultiple }

    func kind(_ reading: DataOptions) -> Dataset.Kind { lambdaPaired > 0 ? .paired : .unpaired }

    func check() throws(TesseraError) { try networks.checkResidual(networks.generator) }

    func make(_ setting: MethodSetting) throws(TesseraError) -> any TrainingMethod {
      try CUT(self, setting)
    }
  }
}

/// FastCUT: CUT without identity, with ten times the contrast, equivariant to mirroring.
struct FastCUT: MethodConfiguration {
  static let (name, title) = ("fastcut", "FastCUT")
  static let summary = "CUT without identity, with ten times the contrast."
  static let epochs = (constant: 150, decay: 50)

  var cut = CUT.Configuration()

  init() {
    cut.lambdaNCE = 10
    cut.hasIdentity = false
    cut.isFlipEquivariant = true
  }

  static let options: [MethodOption<Self>] = CUT.Configuration.options.map { $0.within(\.cut) }

  var adversarial: AdversarialLoss { cut.adversarial }
  var sizeMultiple: Int { cut.sizeMultiple }
  func kind(_ reading: DataOptions) -> Dataset.Kind { cut.kind(reading) }
  func check() throws(TesseraError) { try cut.check() }
  func make(_ setting: MethodSetting) throws(TesseraError) -> any TrainingMethod {
    try cut.make(setting)
  }
}
