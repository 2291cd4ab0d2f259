import Base

extension Pix2Pix {
  /// The options of Pix2Pix, with the paper's defaults.
  struct Configuration: MethodConfiguration {
    static let (name, title) = ("pix2pix", "Pix2Pix")
    static let summary = "Pairs; U-Net, BCE + 100 L1 (Isola et al. 2017)."
    static let epochs = (constant: 100, decay: 100)

    /// U-Net with batch norm and dropout, and a discriminator of 70 px patches.
    var networks = NetworkOptions()
    /// The generator; nil takes a U-Net that halves as often as the crops allow, up to 256 px.
    var generator: GeneratorChoice?
    /// How the discriminator's output becomes a loss.
    var adversarial = AdversarialLoss.vanilla
    /// λ, weight of the L1 distance to the target.
    var lambdaL1 = 100.0
    /// The backbone of a perceptual loss.
    var perceptual: String?
    /// Weight of the perceptual loss, where there is a backbone.
    var lambdaPerceptual = 10.0
    var optimizer = OptimizerOptions()

    init() {
      networks.generator = .unet(side: 256)
      networks.norm = .batch
      networks.hasDropout = true
    }

    static let options: [MethodOption<Self>] =
      [
        MethodOption("lambda-l1", \.lambdaL1, .from(0), "Weight of the L1 distance to the target"),
        MethodOption("gan-mode", \.adversarial, .all, "Adversarial loss"),
        PerceptualLoss.option(\.perceptual),
        MethodOption(
          "lambda-perceptual", \.lambdaPerceptual, .from(0), "Weight of the perceptual loss"),
        MethodOption(
          "generator", \.generator, nil, NetworkOptions.generatorHelp,
          unset: "a U-Net as deep as crops allow"),
      ] + NetworkOptions.options.map { $0.within(\.networks) }
      + OptimizerOptions.options.map { $0.within(\.optimizer) }

    var sizeMultiple: Int { networks.generator.sizeMultiple }

    func kind(_ reading: DataOptions) -> Dataset.Kind { .paired }

    mutating func adapt(to reading: DataOptions) {
      let crop = reading.cropSize
      if let generator {
        networks.generator = generator
      } else if reading.preprocess.cuts {
        networks.generator = .unet(side: min(256, max(32, crop & -crop)))
      }
    }

    func check() throws(TesseraError) { try networks.checkResidual(generator) }

    func make(_ setting: MethodSetting) throws(TesseraError) -> any TrainingMethod {
      try Pix2Pix(self, setting)
    }
  }
}
