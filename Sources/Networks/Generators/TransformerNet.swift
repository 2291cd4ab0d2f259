/// Johnson's network of style transfer, as PyTorch's examples have it (`TransformerNet`).
///
/// Mirrored borders, instance norms with scale and shift, nearest-neighbor doublings, no bound on
/// what comes out. Sizes are multiples of 2^(widths.count - 1). Values are 0...255.
public struct TransformerNet: Network {
  /// How the parameters are called.
  public enum Naming: String, Sendable, Hashable, CaseIterable {
    /// `conv1`, `res1`, `deconv1`: PyTorch's examples.
    case flat
    /// `encoder.conv1`, `residual.resblock_1`, `decoder.deconv1`.
    case grouped
  }

  /// Channels of the picture that goes in.
  public var inputChannels = 3
  /// Channels of the picture that comes out.
  public var outputChannels = 3
  /// Channels of the features at full size, half size and so on.
  public var widths = [32, 64, 128]
  /// Number of residual blocks at the smallest size.
  public var blocks = 5
  /// Width of the kernels of the first and the last convolution, odd.
  public var outerKernel = 9
  /// How the parameters are called.
  public var naming = Naming.flat

  /// Makes the network of PyTorch's examples.
  public init() {}

  /// Name for messages.
  public var name: String { "TransformerNet" }

  /// The configuration in words.
  public var summary: String {
    let widths = widths.map(String.init).joined(separator: "-")
    return
      "\(blocks.counted("block")), widths \(widths), \(outerKernel)x\(outerKernel) outer kernels"
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    var x = builder.input(channels: inputChannels)
    var channels = inputChannels
    for (level, width) in widths.enumerated() {
      x = convolution(
        x, "\(encoder)conv\(level + 1)", from: channels, to: width,
        kernel: level == 0 ? outerKernel : 3, stride: level == 0 ? 1 : 2, &builder)
      x = norm(x, "\(encoder)in\(level + 1)", width, &builder)
      x = builder.graph.relu(x)
      channels = width
    }
    for index in 0..<blocks {
      let prefix = block(index)
      var y = convolution(x, "\(prefix).conv1", from: channels, to: channels, kernel: 3, &builder)
      y = builder.graph.relu(norm(y, "\(prefix).in1", channels, &builder))
      y = convolution(y, "\(prefix).conv2", from: channels, to: channels, kernel: 3, &builder)
      x = builder.graph.sum(norm(y, "\(prefix).in2", channels, &builder), x)
    }
    for (step, width) in widths.dropLast().reversed().enumerated() {
      x = builder.graph.upsampleNearest(x, 2)
      x = convolution(
        x, "\(decoder)deconv\(step + 1)", from: channels, to: width, kernel: 3, &builder)
      x = norm(x, "\(decoder)in\(widths.count + 1 + step)", width, &builder)
      x = builder.graph.relu(x)
      channels = width
    }
    x = convolution(
      x, last, from: channels, to: outputChannels, kernel: outerKernel, &builder)
    builder.output(builder.graph.node("Identity", [x], name: "output"))
  }

  private var encoder: String { naming == .flat ? "" : "encoder." }
  private var decoder: String { naming == .flat ? "" : "decoder." }
  // The grouped names keep the number of the full network where layers before it are left out.
  var last: String { "\(decoder)deconv\(naming == .flat ? widths.count : max(3, widths.count))" }

  func block(_ index: Int) -> String {
    naming == .flat ? "res\(index + 1)" : "residual.resblock_\(index + 1)"
  }

  private func convolution(
    _ x: NetworkBuilder.Value, _ prefix: String, from inputs: Int, to outputs: Int, kernel: Int,
    stride: Int = 1, _ builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    builder.convolution(
      builder.graph.pad(x, kernel / 2, .reflect), "\(prefix).conv2d", from: inputs, to: outputs,
      kernel: kernel, stride: stride)
  }

  private func norm(
    _ x: NetworkBuilder.Value, _ prefix: String, _ channels: Int, _ builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    builder.scaledInstanceNorm(x, prefix, channels: channels)
  }
}
