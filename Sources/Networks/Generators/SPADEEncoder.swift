/// SPADE's picture encoder: mean and log variance of the latent vector of a 256x256 picture.
public struct SPADEEncoder: Network {
  /// Side of the pictures; others are resized to it.
  public static let side = 256

  /// Channels of the first features (`ngf`).
  public var width = 64
  /// Numbers in the vector.
  public var latentLength = 256
  /// Norm after every convolution.
  public var norm = NormKind.instance
  /// Whether weights are divided by their largest singular value.
  public var isSpectral = true

  /// Makes the default.
  public init() {}

  /// Name for messages.
  public var name: String { "SPADE encoder" }

  /// The configuration in words.
  public var summary: String { "width \(width), latent vector of \(latentLength)" }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    var x = builder.input(channels: 3, height: Self.side, width: Self.side)
    var channels = 3
    for (layer, factor) in [1, 2, 4, 8, 8, 8].enumerated() {
      let outputs = factor * width
      x = builder.convolution(
        x, "layer\(layer + 1).0", from: channels, to: outputs, kernel: 3, stride: 2, padding: 1,
        bias: false, spectral: isSpectral)
      x = builder.norm(x, "layer\(layer + 1).1", norm, channels: outputs)
      x = builder.graph.leakyReLU(x)
      channels = outputs
    }
    let features = channels * 16
    let row = builder.graph.reshape(x, [-1, features])
    for (name, output) in [("fc_mu", "mean"), ("fc_var", "logVariance")] {
      let y = builder.linear(row, name, from: features, to: latentLength)
      builder.output(builder.graph.node("Identity", [y], name: output))
    }
  }
}
