import Base
import Networks

extension SPADE {
  /// The options of SPADE, with the paper's defaults.
  struct Configuration: MethodConfiguration {
    static let (name, title) = ("spade", "SPADE")
    static let summary = "Label maps; hinge + features (Park et al. 2019)."
    static let epochs = (constant: 50, decay: 0)
    static let takesLabels = true
    static let decaysAfterEpochs = true

    /// Channels of the generator's last features (`ngf`).
    var width = 64
    /// Channels of the discriminator's first features (`ndf`).
    var discriminatorWidth = 64
    /// How often the picture is doubled.
    var upsampling = SPADEGenerator.Upsampling.normal
    /// Layers of a discriminator before its output (`n_layers_D`).
    var discriminatorLayers = 4
    /// Sizes at which pictures are judged (`num_D`).
    var scales = 2
    /// Whether pictures start from the random vector of an encoder (`use_vae`).
    var usesVAE = false
    /// Length of that vector (`z_dim`).
    var zDim: Int?
    /// How the discriminator's output becomes a loss.
    var adversarial = AdversarialLoss.hinge
    /// Weight of the distance between the discriminator's features (`lambda_feat`).
    var lambdaFeature = 10.0
    /// The backbone of a perceptual loss.
    var perceptual: String?
    /// Weight of the perceptual loss, where there is a backbone (`lambda_vgg`).
    var lambdaPerceptual = 10.0
    /// Weight of the divergence of the latent distribution (`lambda_kld`).
    var lambdaKLD = 0.05
    /// Whether the discriminator learns four times as fast (Heusel et al.).
    var hasTwoTimeScales = true
    /// How parameters start.
    var initialization = Initialization(.xavier)
    var optimizer = OptimizerOptions()

    init() {
      optimizer.beta1 = 0
      optimizer.beta2 = 0.9
    }

    static let options: [MethodOption<Self>] =
      [
        MethodOption(
          "lambda-feature", \.lambdaFeature, .from(0), "Weight of the discriminators' features"),
        MethodOption(
          "gan-mode", \.adversarial, .among([.vanilla, .lsgan, .hinge, .nonsaturating]),
          "Adversarial loss"),
        PerceptualLoss.option(\.perceptual),
        MethodOption(
          "lambda-perceptual", \.lambdaPerceptual, .from(0), "Weight of the perceptual loss"),
        MethodOption(
          flag: "use-vae", \.usesVAE, "Start pictures from the vector of an encoder",
          isInvertible: false, formerly: "usesVAE"),
        MethodOption(
          "z-dim", \.zDim, .within(1...65536), "Length of that vector", unset: "256"),
        MethodOption("lambda-kld", \.lambdaKLD, .from(0), "Weight of its divergence"),
        MethodOption("upsampling", \.upsampling, .all, "How often the picture is doubled"),
        MethodOption(
          flag: "two-time-scales", \.hasTwoTimeScales,
          "Let the discriminator learn four times as fast"),
        MethodOption("ngf", \.width, .within(1...4096), "The generator's last channels"),
        MethodOption(
          "ndf", \.discriminatorWidth, .within(1...4096),
          "The discriminator's first channels"),
        MethodOption(
          "discriminator-layers", \.discriminatorLayers, .within(1...8),
          "Layers of a discriminator before its output"),
        MethodOption("scales", \.scales, .within(1...6), "Sizes at which pictures are judged"),
      ] + Initialization.options.map { $0.within(\.initialization) }
      + OptimizerOptions.options.map { $0.within(\.optimizer) }

    /// Length of the random vector that pictures start from; nil for none.
    var latentLength: Int? {
      get { usesVAE ? zDim ?? 256 : nil }
      set { (usesVAE, zDim) = (newValue != nil, newValue) }
    }

    /// What the sides of pictures are multiples of.
    var sizeMultiple: Int {
      var network = SPADEGenerator()
      network.upsampling = upsampling
      return network.factor
    }

    func kind(_ reading: DataOptions) -> Dataset.Kind { .labels }

    func check() throws(TesseraError) {
      guard zDim == nil || usesVAE else {
        throw TesseraError("--z-dim", "reading the options", "it needs --use-vae")
      }
    }

    func make(_ setting: MethodSetting) throws(TesseraError) -> any TrainingMethod {
      try SPADE(self, setting)
    }

    func describe(_ network: inout TrainedNetwork, height: Int, width: Int) {
      network.upsampling = upsampling
      if usesVAE { network.aspect = Double(width) / Double(height) }
    }
  }
}
