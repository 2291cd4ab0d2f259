import Base

extension CycleGAN {
  /// The options of CycleGAN, with the paper's defaults.
  struct Configuration: MethodConfiguration {
    static let (name, title) = ("cyclegan", "CycleGAN")
    static let summary = "Unpaired; LSGAN + cycle + identity (Zhu et al. 2017)."
    static let epochs = (constant: 100, decay: 100)

    /// ResNet-9 with instance norm, and a discriminator of 70 px patches.
    var networks = NetworkOptions()
    /// How the discriminators' outputs become a loss.
    var adversarial = AdversarialLoss.lsgan
    /// Weight of both cycles (`lambda_A`, `lambda_B`).
    var lambdaCycle = 10.0
    /// Weight of leaving a picture of the target domain alone, relative to the cycle's.
    var lambdaIdentity = 0.5
    /// Made pictures that are kept for the discriminators.
    var poolSize = 50
    /// Weight of the L1 distance to the other picture of a pair, where the data are paired.
    var lambdaPaired = 0.0
    var optimizer = OptimizerOptions()

    static let options: [MethodOption<Self>] =
      [
        MethodOption("lambda-cycle", \.lambdaCycle, .from(0), "Weight of both cycles"),
        MethodOption(
          "lambda-identity", \.lambdaIdentity, .from(0),
          "Weight of identity, relative to the cycles'"),
        MethodOption(
          "lambda-paired", \.lambdaPaired, .from(0),
          "Weight of L1 to the target of pairs"),
        MethodOption(
          "pool-size", \.poolSize, .within(0...100_000),
          "Results that discriminators see again"),
        MethodOption("gan-mode", \.adversarial, .all, "Adversarial loss"),
        MethodOption("generator", \.networks.generator, nil, NetworkOptions.generatorHelp),
      ] + NetworkOptions.options.map { $0.within(\.networks) }
      + OptimizerOptions.options.map { $0.within(\.optimizer) }

    var sizeMultiple: Int { networks.generator.sizeMultiple }

    func kind(_ reading: DataOptions) -> Dataset.Kind { lambdaPaired > 0 ? .paired : .unpaired }

    func check() throws(TesseraError) { try networks.checkResidual(networks.generator) }

    func make(_ setting: MethodSetting) throws(TesseraError) -> any TrainingMethod {
      try CycleGAN(self, setting)
    }
  }
}
