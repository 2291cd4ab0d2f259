/// SPADE's discriminator: spectrally normalized PatchGANs at full size, half size and so on.
///
/// Outputs are named `scale0_layer0` and so on; the last layer of a scale is the discriminator output.
public struct SPADEDiscriminator: Network {
  /// Channels that go in: label map and picture.
  public var inputChannels = 187
  /// Channels of the first features (`ndf`); they double until 512.
  public var width = 64
  /// Number of layers before the discriminator output (`n_layers_D`), at least 2.
  public var layers = 4
  /// Number of sizes (`num_D`).
  public var scales = 2
  /// Norm of the inner convolutions.
  public var norm = NormKind.instance
  /// Whether inner weights are divided by their largest singular value.
  public var isSpectral = true

  /// Makes the default for COCO-Stuff.
  public init() {}

  /// Name for messages.
  public var name: String { "SPADE discriminator" }

  /// The configuration in words.
  public var summary: String {
    "\(scales.counted("scale")) of \(layers.counted("layer")), \(inputChannels.counted("channel")), width \(width), \(norm.title)"
      + (isSpectral ? ", spectral" : "")
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    var picture = builder.input(channels: inputChannels)
    for scale in 0..<scales {
      var x = picture
      var channels = inputChannels
      for layer in 0..<layers {
        let prefix = "discriminator_\(scale).model\(layer)"
        let outputs = layer == 0 ? width : min(width << layer, 512)
        if layer == 0 {
          x = builder.convolution(
            x, "\(prefix).0", from: channels, to: outputs, kernel: 4, stride: 2, padding: 2)
        } else {
          x = builder.convolution(
            x, "\(prefix).0.0", from: channels, to: outputs, kernel: 4,
            stride: layer == layers - 1 ? 1 : 2, padding: 2, bias: false, spectral: isSpectral)
          x = builder.norm(x, "\(prefix).0.1", norm, channels: outputs)
        }
        x = builder.graph.node(
          "LeakyRelu", [x], ["alpha": .float(0.2)], name: "scale\(scale)_layer\(layer)")
        builder.output(x)
        channels = outputs
      }
      x = builder.convolution(
        x, "discriminator_\(scale).model\(layers).0", from: channels, to: 1, kernel: 4, padding: 2)
      builder.output(
        builder.graph.node("Identity", [x], name: "scale\(scale)_layer\(layers)"))
      if scale < scales - 1 {
        picture = builder.graph.averagePool(picture, kernel: 3, stride: 2, padding: 1)
      }
    }
  }
}
