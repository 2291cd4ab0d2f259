/// A discriminator that looks at single pixels (`netD pixel`).
public struct PixelDiscriminator: Network {
  /// Channels that go in; Pix2Pix gives both pictures, 6.
  public var inputChannels = 3
  /// Channels of the first features (`ndf`).
  public var width = 64
  /// Norm of the second convolution.
  public var norm = NormKind.instance
  /// Whether the second and the last convolution have a bias.
  public var hasBias = true

  /// Makes CycleGAN's default.
  public init() {}

  /// Name for messages.
  public var name: String { "pixel discriminator" }

  /// The configuration in words.
  public var summary: String {
    "\(inputChannels.counted("channel")), width \(width), \(norm.title)"
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    var x = builder.input(channels: inputChannels)
    x = builder.convolution(x, "net.0", from: inputChannels, to: width, kernel: 1)
    x = builder.graph.leakyReLU(x)
    x = builder.convolution(x, "net.2", from: width, to: 2 * width, kernel: 1, bias: hasBias)
    x = builder.norm(x, "net.3", norm, channels: 2 * width)
    x = builder.graph.leakyReLU(x)
    builder.output(
      builder.convolution(x, "net.5", from: 2 * width, to: 1, kernel: 1, bias: hasBias))
  }
}
