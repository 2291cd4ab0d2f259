/// StainNet: 1x1 convolutions with ReLU between them, a function of single pixels.
public struct StainNet: Network {
  /// Channels of the picture that goes in.
  public var inputChannels = 3
  /// Channels of the picture that comes out.
  public var outputChannels = 3
  /// Channels between the layers.
  public var width = 32
  /// Number of convolutions, at least 2.
  public var layers = 3
  /// Whether it makes the change of a color instead of the color: what comes out is input + ..., which
  /// begins as the picture itself and does not find its negative.
  public var isResidual = false

  /// Makes the published network.
  public init() {}

  /// Name for messages.
  public var name: String { "StainNet" }

  /// The configuration in words.
  public var summary: String {
    "\(layers.counted("1x1 convolution")), width \(width)" + (isResidual ? ", residual" : "")
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    let picture = builder.input(channels: inputChannels)
    var x = picture
    for layer in 0..<layers {
      let isLast = layer == layers - 1
      x = builder.convolution(
        x, "rgb_trans.\(2 * layer)", from: layer == 0 ? inputChannels : width,
        to: isLast ? outputChannels : width, kernel: 1)
      if !isLast { x = builder.graph.relu(x) }
    }
    if isResidual {
      builder.note(ResNetGenerator.residualMark, [1], .residualMark)
      x = builder.graph.sum(picture, x)
    }
    builder.output(x)
  }
}
