/// PatchGAN: a convolution network that says for every patch how real it looks.
public struct PatchDiscriminator: Network {
  /// Channels that go in; Pix2Pix gives both pictures, 6.
  public var inputChannels = 3
  /// Channels of the first features (`ndf`); they double until 8 times as many.
  public var width = 64
  /// Number of halvings (`n_layers_D`), at least 1; 3 sees patches of 70 px.
  public var layers = 3
  /// Norm of the inner convolutions.
  public var norm = NormKind.instance
  /// Whether convolutions before a norm have a bias.
  public var hasBias = true
  /// Whether halvings blur (CUT without `no_antialias`).
  public var blursDown = false

  /// Makes CycleGAN's default, `basic`.
  public init() {}

  /// Name for messages.
  public var name: String { "patch discriminator" }

  /// The configuration in words.
  public var summary: String {
    "\(layers.counted("layer")), \(inputChannels.counted("channel")), width \(width), \(norm.title)"
      + (blursDown ? ", anti-aliased" : "")
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    var x = builder.input(channels: inputChannels)
    let stride = blursDown ? 1 : 2
    x = builder.convolution(
      x, "model.0", from: inputChannels, to: width, kernel: 4, stride: stride, padding: 1)
    x = builder.graph.leakyReLU(x)
    var index = 2
    var channels = width
    for layer in 1...layers {
      if blursDown {
        x = builder.blurDown(x, "model.\(index)", channels: channels)
        index += 1
      }
      let outputs = width << min(layer, 3)
      x = builder.convolution(
        x, "model.\(index)", from: channels, to: outputs, kernel: 4,
        stride: layer == layers ? 1 : stride, padding: 1, bias: hasBias)
      x = builder.norm(x, "model.\(index + 1)", norm, channels: outputs)
      x = builder.graph.leakyReLU(x)
      channels = outputs
      index += 3
    }
    builder.output(
      builder.convolution(x, "model.\(index)", from: channels, to: 1, kernel: 4, padding: 1))
  }
}
