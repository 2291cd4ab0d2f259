#if Training
  import ArgumentParser
  import CommandLineConduct
  import Networks
  import Training

  extension NormKind: ExpressibleByArgument {}
  extension AdversarialLoss: ExpressibleByArgument {}
  extension Initialization.Kind: ExpressibleByArgument {}
  extension SPADEGenerator.Upsampling: ExpressibleByArgument {}
  extension GeneratorChoice: ExpressibleByArgument {
    /// Reads the official name.
    public init?(argument: String) { self.init(argument) }
  }
  extension DiscriminatorChoice: ExpressibleByArgument {
    /// Reads the official name.
    public init?(argument: String) { self.init(argument) }
  }

  /// What a run changes about its method.
  struct MethodArguments: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "unet_256, unet_128, resnet_9blocks, resnet_6blocks and so on, stainnet (pix2pix: a U-Net as deep as the crops allow; cyclegan, cut: resnet_9blocks).",
        valueName: "name"))
    var generator: GeneratorChoice?

    @Option(
      help: ArgumentHelp(
        "basic (patches of 70 px), pixel, or patch16, patch34, patch142, patch286 (basic).",
        valueName: "name"))
    var discriminator: DiscriminatorChoice?

    @Option(help: "Channels of the generator's first features (64).")
    var ngf: Int?

    @Option(help: "Channels of the discriminator's first features (64).")
    var ndf: Int?

    @Option(help: "batch, instance or none (pix2pix: batch; cyclegan, cut: instance).")
    var norm: NormKind?

    @Option(help: "Norm of the discriminator (as --norm).")
    var discriminatorNorm: NormKind?

    @Flag(inversion: .prefixedNo, help: "Drop features at random (pix2pix only, unless given).")
    var dropout: Bool?

    @Flag(inversion: .prefixedNo, help: "Blur before strides (cut only, unless given).")
    var antialias: Bool?

    @Flag(
      inversion: .prefixedNo,
      help:
        "Learn what a ResNet or StainNet adds to the picture instead of the picture (no, unless given)."
    )
    var residual: Bool?

    @Option(
      help:
        "vanilla, lsgan, hinge, nonsaturating or, for pix2pix and cyclegan, wgangp (pix2pix: vanilla; spade: hinge; others: lsgan)."
    )
    var ganMode: AdversarialLoss?

    @Option(help: "normal, xavier, kaiming or orthogonal (normal; cut, spade: xavier).")
    var initType: Initialization.Kind?

    @Option(help: "Factor of the initial weights (0.02).")
    var initGain: Double?

    @Option(help: "Learning rate at the start (0.0002).")
    var learningRate: Double?

    @Option(help: "Adam's beta 1 (0.5; spade: 0).")
    var beta1: Double?

    @Option(help: "Adam's beta 2 (0.999; spade: 0.9).")
    var beta2: Double?

    @Option(help: "pix2pix: weight of L1 (100).")
    var lambdaL1: Double?

    @Option(help: "cyclegan: weight of both cycles (10).")
    var lambdaCycle: Double?

    @Option(help: "cyclegan: weight of the identity relative to the cycle's (0.5).")
    var lambdaIdentity: Double?

    @Option(help: "cyclegan: made pictures that discriminators may see again (50).")
    var poolSize: Int?

    @Option(help: "cut: weight of the contrastive loss (1; fastcut: 10).")
    var lambdaNce: Double?

    @Option(help: "cut: weight of the adversarial loss (1).")
    var lambdaGan: Double?

    @Flag(
      inversion: .prefixedNo,
      help: "cut: pictures of the target domain stay as they are (yes; fastcut: no).")
    var nceIdentity: Bool?

    @Option(
      help: ArgumentHelp(
        "cut: modules of the generator that are compared (0,4,8,12,16).", valueName: "n,n,…"),
      transform: { text in
        let numbers = text.split(separator: ",").map { Int($0) }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0.map { $0 >= 0 } ?? false }) else {
          throw ValidationError("--nce-layers takes numbers, as in 0,4,8,12,16.")
        }
        return numbers.compactMap(\.self)
      })
    var nceLayers: [Int]?

    @Option(help: "cut: places that are compared in each (256).")
    var patches: Int?

    @Option(help: "cyclegan, cut: weight of L1 to the target, where data are pairs (0).")
    var lambdaPaired: Double?

    @Option(
      help: ArgumentHelp(
        "A network whose features results and targets are compared by.", valueName: "model.onnx"))
    var perceptual: String?

    @Option(help: "pix2pix, spade: weight of that (10).")
    var lambdaPerceptual: Double?

    @Option(help: "spade, pix2pixhd: weight of the discriminators' features (10).")
    var lambdaFeature: Double?

    @Flag(help: "spade: pictures start from the vector of an encoder.")
    var useVae = false

    @Option(help: "spade: length of that vector (256).")
    var zDim: Int?

    @Option(help: "spade: weight of its divergence (0.05).")
    var lambdaKld: Double?

    @Option(help: "spade: how often the picture is doubled: normal, more or most (normal).")
    var upsampling: SPADEGenerator.Upsampling?

    @Flag(
      inversion: .prefixedNo, help: "spade: the discriminator learns four times as fast (yes).")
    var twoTimeScales: Bool?

    @Option(help: "spade, pix2pixhd: layers before a verdict (4; pix2pixhd: 3).")
    var discriminatorLayers: Int?

    @Option(help: "spade, pix2pixhd: sizes at which pictures are judged (2).")
    var scales: Int?

    @Option(help: "pix2pixhd: halvings of the global generator (4).")
    var downs: Int?

    @Option(help: "pix2pixhd: its residual blocks (9).")
    var blocks: Int?

    @Option(help: "pix2pixhd: enhancers around it (0).")
    var enhancers: Int?

    @Option(help: "pix2pixhd: residual blocks of an enhancer (3).")
    var enhancerBlocks: Int?

    @Option(help: "pix2pixhd: epochs during which only enhancers learn (0).")
    var epochsFixedGlobal: Int?

    mutating func validate() throws {
      let counts = [
        ("--ngf", ngf, 1, 4096), ("--ndf", ndf, 1, 4096), ("--patches", patches, 1, 65536),
        ("--pool-size", poolSize, 0, 100_000), ("--z-dim", zDim, 1, 65536),
        ("--discriminator-layers", discriminatorLayers, 1, 8), ("--scales", scales, 1, 6),
        ("--downs", downs, 1, 8), ("--blocks", blocks, 0, 64), ("--enhancers", enhancers, 0, 4),
        ("--enhancer-blocks", enhancerBlocks, 0, 64),
        ("--epochs-fixed-global", epochsFixedGlobal, 0, 1_000_000),
      ]
      for (name, value, least, most) in counts {
        if let value, !(least...most).contains(value) {
          throw ValidationError("\(name) takes a number from \(least) to \(most).")
        }
      }
      let weights = [
        ("--lambda-l1", lambdaL1), ("--lambda-cycle", lambdaCycle),
        ("--lambda-identity", lambdaIdentity), ("--lambda-nce", lambdaNce),
        ("--lambda-gan", lambdaGan), ("--lambda-paired", lambdaPaired),
        ("--lambda-perceptual", lambdaPerceptual), ("--lambda-feature", lambdaFeature),
        ("--lambda-kld", lambdaKld), ("--learning-rate", learningRate), ("--init-gain", initGain),
      ]
      for (name, value) in weights {
        if let value, !(value >= 0 && value.isFinite) {
          throw ValidationError("\(name) takes a number from 0 on.")
        }
      }
      for (name, value) in [("--beta1", beta1), ("--beta2", beta2)] {
        if let value, !(0..<1).contains(value) {
          throw ValidationError("\(name) takes a number from 0 to below 1.")
        }
      }
    }

    func apply(to options: inout MethodOptions) {
      func set<Value>(_ path: WritableKeyPath<MethodOptions, Value?>, _ value: Value?) {
        if let value { options[keyPath: path] = value }
      }
      set(\.generator, generator)
      set(\.discriminator, discriminator)
      set(\.ngf, ngf)
      set(\.ndf, ndf)
      set(\.norm, norm)
      set(\.discriminatorNorm, discriminatorNorm)
      set(\.dropout, dropout)
      set(\.antialiased, antialias)
      set(\.residual, residual)
      set(\.ganMode, ganMode)
      set(\.initType, initType)
      set(\.initGain, initGain)
      set(\.learningRate, learningRate)
      set(\.beta1, beta1)
      set(\.beta2, beta2)
      set(\.lambdaL1, lambdaL1)
      set(\.lambdaCycle, lambdaCycle)
      set(\.lambdaIdentity, lambdaIdentity)
      set(\.poolSize, poolSize)
      set(\.lambdaNCE, lambdaNce)
      set(\.lambdaGAN, lambdaGan)
      set(\.nceIdentity, nceIdentity)
      set(\.nceLayers, nceLayers)
      set(\.patches, patches)
      set(\.lambdaPaired, lambdaPaired)
      set(\.lambdaPerceptual, lambdaPerceptual)
      set(\.lambdaFeature, lambdaFeature)
      set(\.lambdaKLD, lambdaKld)
      set(\.usesVAE, useVae ? true : nil)
      set(\.zDim, zDim)
      set(\.upsampling, upsampling)
      set(\.twoTimeScales, twoTimeScales)
      set(\.discriminatorLayers, discriminatorLayers)
      set(\.scales, scales)
      set(\.downs, downs)
      set(\.blocks, blocks)
      set(\.enhancers, enhancers)
      set(\.enhancerBlocks, enhancerBlocks)
      set(\.epochsFixedGlobal, epochsFixedGlobal)
    }
  }
#endif
