/// A published generator that can be told from the names and shapes of its parameters.
public enum Architecture: String, Sendable, Hashable, CaseIterable {
  /// ResNet generator of CycleGAN, Pix2Pix and CUT.
  case resnet
  /// U-Net generator of Pix2Pix.
  case unet
  /// Pix2PixHD's global generator.
  case pix2pixHDGlobal = "pix2pixhd-global"
  /// Pix2PixHD's local generator.
  case pix2pixHDLocal = "pix2pixhd-local"
  /// Pix2PixHD's encoder of instance features, without the averages over instances.
  case pix2pixHDEncoder = "pix2pixhd-encoder"
  /// SPADE's generator.
  case spade
  /// StainNet.
  case stainNet = "stainnet"
  /// Johnson's network of style transfer, TransformerNet in PyTorch's examples.
  case transformerNet = "transformernet"

  /// Title for messages.
  public var title: String {
    switch self {
    case .resnet: "ResNet generator (CycleGAN, Pix2Pix, CUT)"
    case .unet: "U-Net generator (Pix2Pix)"
    case .pix2pixHDGlobal: "global generator (Pix2PixHD)"
    case .pix2pixHDLocal: "local generator (Pix2PixHD)"
    case .pix2pixHDEncoder: "encoder of instance features (Pix2PixHD)"
    case .spade: "SPADE generator"
    case .stainNet: "StainNet"
    case .transformerNet: "TransformerNet (fast style transfer)"
    }
  }

  /// The network in its usual configuration.
  var usual: any Translator {
    switch self {
    case .resnet: return ResNetGenerator()
    case .pix2pixHDGlobal:
      var network = ResNetGenerator()
      (network.inputChannels, network.downs) = (36, 4)
      return network
    case .pix2pixHDEncoder:
      var network = ResNetGenerator()
      (network.width, network.downs, network.blocks) = (16, 4, 0)
      return network
    case .unet: return UNetGenerator()
    case .pix2pixHDLocal: return LocalEnhancer()
    case .spade: return SPADEGenerator()
    case .stainNet: return StainNet()
    case .transformerNet: return TransformerNet()
    }
  }

  /// Whether so many channels are taken for a label map unless the user says otherwise.
  func takesLabels(channels: Int) -> Bool {
    switch self {
    case .spade: true
    case .pix2pixHDGlobal, .pix2pixHDLocal: channels > 4
    default: false
    }
  }
}
