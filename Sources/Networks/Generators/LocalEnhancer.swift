/// Pix2PixHD's local generator: a global generator at reduced size, and enhancers around it.
///
/// Sizes are multiples of 2^(global.downs + enhancers).
public struct LocalEnhancer: Network {
  /// The generator in the middle, without its last convolution; its width is that of the last
  /// enhancer times 2^enhancers.
  public var global: ResNetGenerator
  /// Channels of the first features at full size (`ngf`).
  public var width = 32
  /// Number of enhancers, each at twice the size of the one before.
  public var enhancers = 1
  /// Residual blocks of each enhancer.
  public var blocks = 3

  /// Makes the default, for 36 input channels of labels.
  public init() {
    global = ResNetGenerator()
    global.inputChannels = 36
    global.downs = 4
    global.width = 64
  }

  /// Name for messages.
  public var name: String { "Pix2PixHD local generator" }

  /// The configuration in words.
  public var summary: String {
    "global part of \(global.summary); \(enhancers.counted("enhancer"))"
      + " of \(blocks.counted("block")), width \(width)"
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    var pictures = [builder.input(channels: global.inputChannels)]
    for level in 0..<enhancers {
      pictures.append(
        builder.graph.averagePool(pictures[level], kernel: 3, stride: 2, padding: 1))
    }
    var x = global.writeFeatures(pictures[enhancers], into: &builder).0
    for level in 0..<enhancers {
      let channels = width << (enhancers - 1 - level)
      let picture = pictures[enhancers - 1 - level]
      x = writeEnhancer(level + 1, picture, adding: x, channels: channels, into: &builder)
    }
    x = builder.graph.pad(x, 3, .reflect)
    x = builder.convolution(
      x, "model\(enhancers)_2.\(blocks + 4)", from: width, to: global.outputChannels, kernel: 7)
    builder.output(builder.graph.node("Tanh", [x], name: "output"))
  }

  private func writeEnhancer(
    _ number: Int, _ picture: NetworkBuilder.Value, adding coarse: NetworkBuilder.Value,
    channels: Int, into builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    let (norm, hasBias) = (global.norm, global.hasBias)
    let down = "model\(number)_1"
    var x = builder.graph.pad(picture, 3, .reflect)
    x = builder.convolution(
      x, "\(down).1", from: global.inputChannels, to: channels, kernel: 7, bias: hasBias)
    x = builder.graph.relu(builder.norm(x, "\(down).2", norm, channels: channels))
    x = builder.convolution(
      x, "\(down).4", from: channels, to: 2 * channels, kernel: 3, stride: 2, padding: 1,
      bias: hasBias)
    x = builder.graph.relu(builder.norm(x, "\(down).5", norm, channels: 2 * channels))
    x = builder.graph.sum(x, coarse)

    let up = "model\(number)_2"
    let block = ResidualBlock(
      channels: 2 * channels, norm: norm, hasBias: hasBias, hasDropout: false)
    for index in 0..<blocks { x = block.write(x, "\(up).\(index).conv_block", into: &builder) }
    x = builder.transposedConvolution(
      x, "\(up).\(blocks)", from: 2 * channels, to: channels, kernel: 3, stride: 2, padding: 1,
      outputPadding: 1, bias: hasBias)
    return builder.graph.relu(
      builder.norm(x, "\(up).\(blocks + 1)", norm, channels: channels))
  }
}
