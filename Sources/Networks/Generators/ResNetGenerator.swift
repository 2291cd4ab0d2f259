/// The ResNet generator of CycleGAN, Pix2Pix and CUT, and Pix2PixHD's global generator and encoder.
///
/// A 7x7 convolution, `downs` halvings, residual blocks, `downs` doublings, a 7x7 convolution and a
/// hyperbolic tangent. Sizes are multiples of 2^downs.
public struct ResNetGenerator: Network {
  /// Channels of the picture that goes in.
  public var inputChannels = 3
  /// Channels of the picture that comes out.
  public var outputChannels = 3
  /// Channels of the first features (`ngf`); every halving doubles them.
  public var width = 64
  /// Number of halvings.
  public var downs = 2
  /// Number of residual blocks; Pix2PixHD's encoder has none.
  public var blocks = 9
  /// Norm after every convolution but the last.
  public var norm = NormKind.instance
  /// Whether convolutions before a norm have a bias.
  public var hasBias = true
  /// Whether blocks have a dropout, which acts in training only and moves the names behind it.
  public var hasDropout = false
  /// Whether halvings blur (CUT without `no_antialias`).
  public var blursDown = false
  /// Whether doublings interpolate (CUT without `no_antialias_up`).
  public var blursUp = false

  /// Whether it makes the change of a picture instead of the picture (DeblurGAN's `learn_residual`):
  /// what comes out is input + tanh(...), held to [-1, 1].
  public var isResidual = false

  /// Makes CycleGAN's default: 9 blocks, instance norm.
  public init() {}

  /// Name of the parameter by which a checkpoint says that it is residual.
  static let residualMark = "residual"

  /// Name for messages.
  public var name: String { blocks == 0 ? "Pix2PixHD encoder" : "ResNet generator" }

  /// The configuration in words.
  public var summary: String {
    var parts = [blocks.counted("block"), "width \(width)", norm.title]
    if downs != 2 { parts.insert(downs.counted("halving"), at: 1) }
    switch (blursDown, blursUp) {
    case (true, true): parts.append("anti-aliased")
    case (true, false): parts.append("anti-aliased going down")
    case (false, true): parts.append("anti-aliased going up")
    case (false, false): break
    }
    if hasDropout { parts.append("dropout") }
    if isResidual { parts.append("residual") }
    return parts.joined(separator: ", ")
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    let picture = builder.input(channels: inputChannels)
    var (x, index) = writeFeatures(picture, into: &builder)
    x = builder.graph.pad(x, 3, .reflect)
    index += 1
    x = builder.convolution(x, "model.\(index)", from: width, to: outputChannels, kernel: 7)
    guard isResidual else {
      builder.output(builder.graph.node("Tanh", [x], name: "output"))
      return
    }
    builder.note(Self.residualMark, [1], .residualMark)
    let sum = builder.graph.sum(picture, builder.graph.tanh(x))
    let (low, high) = (
      builder.graph.constant(.init(scalar: -1)), builder.graph.constant(.init(scalar: 1))
    )
    builder.output(builder.graph.node("Clip", [sum, low, high], name: "output"))
  }

  /// Everything before the last convolution, and the place of the module that would come next.
  func writeFeatures(
    _ picture: NetworkBuilder.Value, into builder: inout NetworkBuilder
  ) -> (NetworkBuilder.Value, Int) {
    var channels = width
    var x = builder.graph.pad(picture, 3, .reflect)
    builder.mark("model.0", x)
    x = builder.convolution(
      x, "model.1", from: inputChannels, to: width, kernel: 7, bias: hasBias)
    builder.mark("model.1", x)
    x = normAndReLU(x, 2, channels, &builder)
    var index = 4
    for _ in 0..<downs {
      x = builder.convolution(
        x, "model.\(index)", from: channels, to: 2 * channels, kernel: 3,
        stride: blursDown ? 1 : 2, padding: 1, bias: hasBias)
      builder.mark("model.\(index)", x)
      channels *= 2
      x = normAndReLU(x, index + 1, channels, &builder)
      index += 3
      if blursDown {
        x = builder.blurDown(x, "model.\(index)", channels: channels)
        builder.mark("model.\(index)", x)
        index += 1
      }
    }
    let block = ResidualBlock(
      channels: channels, norm: norm, hasBias: hasBias, hasDropout: hasDropout)
    for _ in 0..<blocks {
      x = block.write(x, "model.\(index).conv_block", into: &builder)
      builder.mark("model.\(index)", x)
      index += 1
    }
    for _ in 0..<downs {
      if blursUp {
        x = builder.blurUp(x, "model.\(index)", channels: channels)
        builder.mark("model.\(index)", x)
        x = builder.convolution(
          x, "model.\(index + 1)", from: channels, to: channels / 2, kernel: 3, padding: 1,
          bias: hasBias)
        index += 1
      } else {
        x = builder.transposedConvolution(
          x, "model.\(index)", from: channels, to: channels / 2, kernel: 3, stride: 2, padding: 1,
          outputPadding: 1, bias: hasBias)
      }
      builder.mark("model.\(index)", x)
      channels /= 2
      x = normAndReLU(x, index + 1, channels, &builder)
      index += 3
    }
    return (x, index)
  }

  private func normAndReLU(
    _ x: NetworkBuilder.Value, _ index: Int, _ channels: Int, _ builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    let normed = builder.norm(x, "model.\(index)", norm, channels: channels)
    builder.mark("model.\(index)", normed)
    let x = builder.graph.relu(normed)
    builder.mark("model.\(index + 1)", x)
    return x
  }
}
