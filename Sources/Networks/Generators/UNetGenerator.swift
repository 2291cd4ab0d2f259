/// Pix2Pix's U-Net: halvings down to one pixel of the trained size, and back with skips.
///
/// Sizes are multiples of 2^downs.
public struct UNetGenerator: Network {
  /// Channels of the picture that goes in.
  public var inputChannels = 3
  /// Channels of the picture that comes out.
  public var outputChannels = 3
  /// Channels of the first features (`ngf`); they double until 8 times as many.
  public var width = 64
  /// Number of halvings, at least 5: 7 is `unet_128`, 8 is `unet_256`.
  public var downs = 8
  /// Norm of the inner convolutions.
  public var norm = NormKind.batch
  /// Whether convolutions before a norm have a bias.
  public var hasBias = false
  /// Whether the inner levels drop features at random, which acts in training only.
  public var hasDropout = false

  /// Makes `unet_256` with batch norm.
  public init() {}

  /// Name for messages.
  public var name: String { "U-Net generator" }

  /// The configuration in words.
  public var summary: String { "\(downs.counted("halving")), width \(width), \(norm.title)" }

  /// Side of the pictures it was made for.
  public var trainedSide: Int { 1 << downs }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    let picture = builder.input(channels: inputChannels)
    var x = builder.convolution(
      picture, "model.model.0", from: inputChannels, to: width, kernel: 4, stride: 2, padding: 1,
      bias: hasBias)
    x = writeLevel(1, x, "model.model.1.model", into: &builder)
    x = builder.transposedConvolution(
      builder.graph.relu(x), "model.model.3", from: 2 * width, to: outputChannels, kernel: 4,
      stride: 2, padding: 1, bias: true)
    builder.output(builder.graph.node("Tanh", [x], name: "output"))
  }

  private func channels(_ level: Int) -> Int { width << min(level, 3) }

  /// What goes in, and behind it what the levels below make of it.
  private func writeLevel(
    _ level: Int, _ skip: NetworkBuilder.Value, _ prefix: String,
    into builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    let (outer, inner) = (channels(level - 1), channels(level))
    var x = builder.graph.leakyReLU(skip)
    x = builder.convolution(
      x, "\(prefix).1", from: outer, to: inner, kernel: 4, stride: 2, padding: 1, bias: hasBias)
    let isInnermost = level == downs - 1
    if !isInnermost {
      x = builder.norm(x, "\(prefix).2", norm, channels: inner)
      x = writeLevel(level + 1, x, "\(prefix).3.model", into: &builder)
    }
    // Behind the submodule and the ReLU; the innermost level has no submodule and no norm above.
    let index = isInnermost ? 3 : 5
    x = builder.transposedConvolution(
      builder.graph.relu(x), "\(prefix).\(index)", from: isInnermost ? inner : 2 * inner,
      to: outer, kernel: 4, stride: 2, padding: 1, bias: hasBias)
    x = builder.norm(x, "\(prefix).\(index + 1)", norm, channels: outer)
    // The levels that neither halve nor double the channels, the innermost excepted.
    if hasDropout, !isInnermost, level >= 4 { x = builder.dropout(x) }
    return builder.graph.concatenateChannels([skip, x])
  }
}
