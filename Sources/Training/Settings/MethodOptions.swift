import Networks

/// What a run changes about its method; nil leaves what was published.
public struct MethodOptions: Sendable, Hashable, Codable {
  /// The generator of Pix2Pix, CycleGAN and CUT (`netG`).
  public var generator: GeneratorChoice?
  /// Their discriminator (`netD`).
  public var discriminator: DiscriminatorChoice?
  /// Channels of the generator's first features (`ngf`).
  public var ngf: Int?
  /// Channels of the discriminator's first features (`ndf`).
  public var ndf: Int?
  /// Norm of Pix2Pix, CycleGAN and CUT (`norm`).
  public var norm: NormKind?
  /// Norm of the discriminator where it is another.
  public var discriminatorNorm: NormKind?
  /// Whether the generator drops features at random (not `no_dropout`).
  public var dropout: Bool?
  /// Whether strides blur before they skip pixels (not CUT's `no_antialias`).
  public var antialiased: Bool?
  /// Whether the generator makes the change of a picture (DeblurGAN's `learn_residual`).
  public var residual: Bool?
  /// How verdicts become a loss (`gan_mode`).
  public var ganMode: AdversarialLoss?
  /// Distribution of weights at the start (`init_type`).
  public var initType: Initialization.Kind?
  /// Factor of the distribution (`init_gain`, `init_variance`).
  public var initGain: Double?
  /// Learning rate at the start (`lr`).
  public var learningRate: Double?
  /// Adam's decay of the mean of gradients.
  public var beta1: Double?
  /// Adam's decay of the mean of their squares.
  public var beta2: Double?
  /// Weight of Pix2Pix's L1 distance (`lambda_L1`).
  public var lambdaL1: Double?
  /// Weight of both cycles of CycleGAN (`lambda_A`, `lambda_B`).
  public var lambdaCycle: Double?
  /// Weight of CycleGAN's identity relative to the cycle's (`lambda_identity`).
  public var lambdaIdentity: Double?
  /// Made pictures that CycleGAN's discriminators may see again (`pool_size`).
  public var poolSize: Int?
  /// Weight of CUT's contrastive loss (`lambda_NCE`).
  public var lambdaNCE: Double?
  /// Weight of CUT's adversarial loss (`lambda_GAN`).
  public var lambdaGAN: Double?
  /// Whether CUT compares pictures of the target domain with themselves (`nce_idt`).
  public var nceIdentity: Bool?
  /// Modules that CUT compares (`nce_layers`).
  public var nceLayers: [Int]?
  /// Places that CUT compares in each (`num_patches`).
  public var patches: Int?
  /// Weight of the L1 distance to the other picture of a pair in CycleGAN and CUT.
  public var lambdaPaired: Double?
  /// Weight of the perceptual loss (`lambda_vgg`).
  public var lambdaPerceptual: Double?
  /// Weight of the distance between the discriminator's features (`lambda_feat`).
  public var lambdaFeature: Double?
  /// Weight of the divergence of SPADE's latent distribution (`lambda_kld`).
  public var lambdaKLD: Double?
  /// Whether SPADE's pictures start from an encoder's vector (`use_vae`).
  public var usesVAE: Bool?
  /// Its length (`z_dim`).
  public var zDim: Int?
  /// How often SPADE's picture is doubled (`num_upsampling_layers`).
  public var upsampling: SPADEGenerator.Upsampling?
  /// Whether SPADE's discriminator learns four times as fast (not `no_TTUR`).
  public var twoTimeScales: Bool?
  /// Layers of a discriminator of SPADE and Pix2PixHD before its verdict (`n_layers_D`).
  public var discriminatorLayers: Int?
  /// Sizes at which SPADE and Pix2PixHD judge pictures (`num_D`).
  public var scales: Int?
  /// Halvings of Pix2PixHD's global generator (`n_downsample_global`).
  public var downs: Int?
  /// Its residual blocks (`n_blocks_global`).
  public var blocks: Int?
  /// Enhancers around it (`n_local_enhancers` with `netG local`).
  public var enhancers: Int?
  /// Residual blocks of an enhancer (`n_blocks_local`).
  public var enhancerBlocks: Int?
  /// Epochs during which only enhancers learn (`niter_fix_global`).
  public var epochsFixedGlobal: Int?

  /// Changes nothing.
  public init() {}
}
