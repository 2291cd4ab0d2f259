import Base
import Networks

extension Pix2PixHD {
  /// The options of Pix2PixHD, with the paper's defaults.
  struct Configuration: MethodConfiguration {
    static let (name, title) = ("pix2pixhd", "Pix2PixHD")
    static let summary = "Labels or pairs; LSGAN + features (Wang et al. 2018)."
    static let epochs = (constant: 100, decay: 100)
    static let takesLabels = true
    static let decaysAfterEpochs = true

    /// Channels of the generator's first features (`ngf`); nil for 64, or 32 with enhancers.
    var width: Int?
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
    /// How the discriminators' outputs become a loss.
    var adversarial = AdversarialLoss.lsgan
    /// Weight of the distance between features (`lambda_feat`), the perceptual loss's too.
    var lambdaFeature = 10.0
    /// The backbone of a perceptual loss.
    var perceptual: String?
    /// How parameters start.
    var initialization = Initialization(.normal, drawsBiases: true)
    var optimizer = OptimizerOptions()

    static let options: [MethodOption<Self>] =
      [
        MethodOption(
          "lambda-feature", \.lambdaFeature, .from(0),
          "Weight of the discriminators' features, and of the perceptual loss"),
        MethodOption(
          "gan-mode", \.adversarial, .among([.vanilla, .lsgan, .hinge, .nonsaturating]),
          "Adversarial loss"),
        PerceptualLoss.option(\.perceptual),
        MethodOption(
          "ngf", \.width, .within(1...4096), "The generator's first channels",
          unset: "64, or 32 with enhancers"),
        MethodOption(
          "ndf", \.discriminatorWidth, .within(1...4096),
          "The discriminator's first channels"),
        MethodOption("downs", \.downs, .within(1...8), "Halvings of the global generator"),
        MethodOption("blocks", \.blocks, .within(0...64), "Its residual blocks"),
        MethodOption("enhancers", \.enhancers, .within(0...4), "Enhancers around it"),
        MethodOption(
          "enhancer-blocks", \.enhancerBlocks, .within(0...64), "Residual blocks of an enhancer"),
        MethodOption(
          "epochs-fixed-global", \.epochsFixedGlobal, .within(0...1_000_000),
          "Epochs during which only enhancers learn"),
        MethodOption(
          "discriminator-layers", \.discriminatorLayers, .within(1...8),
          "Layers of a discriminator before its output"),
        MethodOption("scales", \.scales, .within(1...6), "Sizes at which pictures are judged"),
      ] + Initialization.options.map { $0.within(\.initialization) }
      + OptimizerOptions.options.map { $0.within(\.optimizer) }

    /// What the sides of pictures are multiples of.
    var sizeMultiple: Int { 1 << (downs + enhancers) }

    func kind(_ reading: DataOptions) -> Dataset.Kind {
      reading.labelClasses == 0 ? .paired : .labels
    }

    func make(_ setting: MethodSetting) throws(TesseraError) -> any TrainingMethod {
      try Pix2PixHD(self, setting)
    }

    /// The generator for label maps or pictures of these channels.
    func generator(from inputs: Int, to outputs: Int) -> any Network {
      let width = width ?? (enhancers > 0 ? 32 : 64)
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
}
