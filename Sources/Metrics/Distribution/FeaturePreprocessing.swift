/// What becomes of an image before a feature network sees it.
public struct FeaturePreprocessing: Sendable, Hashable {
  /// The order of the channels.
  public enum Order: String, Sendable, Hashable, CaseIterable {
    case rgb
    case bgr
  }

  /// Width and height in px; nil takes the network's own, or 224.
  public var size: Int?
  /// The order of the channels.
  public var order = Order.rgb
  /// What black becomes.
  public var black: Float = 0
  /// What white becomes.
  public var white: Float = 1
  /// What is then subtracted, in the order of the channels.
  public var mean: [Float] = [0, 0, 0]
  /// What is then divided by, in the order of the channels.
  public var deviation: [Float] = [1, 1, 1]

  /// Levels from 0 to 1.
  public init() {}

  /// Known networks.
  public enum Preset: String, Sendable, Hashable, CaseIterable {
    /// torchvision's networks: 224 px, 0...1 less the mean of ImageNet over its deviation.
    case imagenet
    /// The Inception network of FID: 299 px, -1...1.
    case inception
    /// Caffe's networks, as SqueezeNet 1.1: 224 px, B G R from 0 to 255 less 104, 117, 123.
    case caffe

    /// What the network expects.
    public var preprocessing: FeaturePreprocessing {
      var preprocessing = FeaturePreprocessing()
      switch self {
      case .imagenet:
        preprocessing.mean = [0.485, 0.456, 0.406]
        preprocessing.deviation = [0.229, 0.224, 0.225]
      case .inception:
        (preprocessing.size, preprocessing.black) = (299, -1)
      case .caffe:
        (preprocessing.order, preprocessing.white) = (.bgr, 255)
        preprocessing.mean = [104, 117, 123]
      }
      return preprocessing
    }
  }

  /// The three planes as the network takes them; `planes` are R, G, B or gray, from 0 to 255.
  func tensor(_ planes: [[Float]]) -> [Float] {
    let colors = planes.count == 3 ? planes : [planes[0], planes[0], planes[0]]
    let ordered = order == .rgb ? colors : colors.reversed()
    var tensor: [Float] = []
    tensor.reserveCapacity(3 * colors[0].count)
    for (channel, plane) in ordered.enumerated() {
      let scale = (white - black) / 255 / deviation[channel]
      let offset = (black - mean[channel]) / deviation[channel]
      tensor += plane.map { $0 * scale + offset }
    }
    return tensor
  }
}
