/// Pix2PixHD's discriminator: PatchGANs at full size, half size and so on.
///
/// Outputs are named `scale0_layer0` and so on, of which scale 0 sees the picture at full size and
/// the last layer of a scale is its discriminator output; without `returnsFeatures` there is nothing else.
public struct MultiscaleDiscriminator: Network {
  /// Channels that go in: label map, edges and picture.
  public var inputChannels = 39
  /// Channels of the first features (`ndf`); they double until 512.
  public var width = 64
  /// Number of halvings (`n_layers_D`), at least 1.
  public var layers = 3
  /// Number of sizes (`num_D`).
  public var scales = 2
  /// Norm of the inner convolutions.
  public var norm = NormKind.instance
  /// Whether features are compared in training, which decides the names of the parameters.
  public var returnsFeatures = true

  /// Makes the default for Cityscapes.
  public init() {}

  /// Name for messages.
  public var name: String { "Pix2PixHD discriminator" }

  /// The configuration in words.
  public var summary: String {
    "\(scales.counted("scale")) of \(layers.counted("layer")), \(inputChannels.counted("channel")), width \(width), \(norm.title)"
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    var picture = builder.input(channels: inputChannels)
    for scale in 0..<scales {
      // The published code counts from the smallest.
      let number = scales - 1 - scale
      var x = picture
      var index = 0
      var channels = inputChannels
      for layer in 0...(layers + 1) {
        let isLast = layer == layers + 1
        let outputs = isLast ? 1 : layer == 0 ? width : min(width << layer, 512)
        let prefix = returnsFeatures ? "scale\(number)_layer\(layer)" : "layer\(number)"
        x = builder.convolution(
          x, "\(prefix).\(returnsFeatures ? 0 : index)", from: channels, to: outputs, kernel: 4,
          stride: layer < layers ? 2 : 1, padding: 2)
        if !isLast {
          if layer > 0 {
            x = builder.norm(
              x, "\(prefix).\(returnsFeatures ? 1 : index + 1)", norm, channels: outputs)
          }
          x = builder.graph.node(
            "LeakyRelu", [x], ["alpha": .float(0.2)], name: "scale\(scale)_layer\(layer)")
        } else {
          x = builder.graph.node("Identity", [x], name: "scale\(scale)_layer\(layer)")
        }
        if returnsFeatures || isLast { builder.output(x) }
        channels = outputs
        index += layer == 0 ? 2 : 3
      }
      if scale < scales - 1 {
        picture = builder.graph.averagePool(picture, kernel: 3, stride: 2, padding: 1)
      }
    }
  }
}
