/// SPADE's generator: a picture from a label map, which steers every norm.
///
/// The input has one channel a class, 1 where a pixel has it. Sizes are multiples of `factor`; with
/// a latent vector there is a second input "z" [1, length] and one size only.
public struct SPADEGenerator: Network {
  /// How often the picture is doubled (`num_upsampling_layers`).
  public enum Upsampling: String, Sendable, Hashable, Codable, CaseIterable {
    /// 5 times.
    case normal
    /// 6 times.
    case more
    /// 7 times, with a layer of half the width at the end.
    case most
  }

  /// A random vector that the picture starts from (`use_vae`).
  public struct Latent: Sendable, Hashable {
    /// Numbers in the vector.
    public var length = 256
    /// Rows of the features made from it.
    public var height = 8
    /// Columns of the features made from it.
    public var width = 8

    /// Makes the default, for pictures of 256x256.
    public init() {}
  }

  /// Channels of the label map, with the one for unknown pixels and the one for edges, if any.
  public var labelChannels = 184
  /// Channels of the picture.
  public var outputChannels = 3
  /// Channels of the last features (`ngf`).
  public var width = 64
  /// How often the picture is doubled.
  public var upsampling = Upsampling.normal
  /// Norm whose result the labels scale and shift.
  public var norm = NormKind.batch
  /// Whether weights are divided by their largest singular value.
  public var isSpectral = true
  /// Channels between the label map and a scale or a shift.
  public var hidden = 128
  /// Width of the kernels that look at the label map, odd.
  public var kernel = 3
  /// Where the picture starts from a vector; nil starts from the label map.
  public var latent: Latent?

  /// Makes the network for COCO-Stuff.
  public init() {}

  /// Name for messages.
  public var name: String { "SPADE generator" }

  /// The configuration in words.
  public var summary: String {
    var parts = ["\(labelChannels) label channels", "width \(width)", "\(upsampling) upsampling"]
    parts.append("\(norm.title)\(isSpectral ? ", spectral" : "")")
    if let latent { parts.append("latent vector of \(latent.length)") }
    return parts.joined(separator: ", ")
  }

  /// Pixels of the picture for one of the first features, in either direction.
  public var factor: Int {
    switch upsampling {
    case .normal: 32
    case .more: 64
    case .most: 128
    }
  }

  /// Writes the layers down.
  public func write(into builder: inout NetworkBuilder) {
    let labels = builder.input(
      channels: labelChannels, height: latent.map { $0.height * factor },
      width: latent.map { $0.width * factor })
    var maps = LabelPyramid(labels)
    var x = writeStart(&maps, &builder)
    var scale = factor
    // Blocks in order; true where the picture is doubled before one.
    var blocks = [
      ("head_0", 16, 16, false), ("G_middle_0", 16, 16, true),
      ("G_middle_1", 16, 16, upsampling != .normal), ("up_0", 16, 8, true), ("up_1", 8, 4, true),
      ("up_2", 4, 2, true), ("up_3", 2, 1, true),
    ].map { ($0.0, $0.1 * width, $0.2 * width, $0.3) }
    if upsampling == .most { blocks.append(("up_4", width, width / 2, true)) }
    for (name, inputs, outputs, doubles) in blocks {
      if doubles {
        x = builder.graph.upsampleNearest(x, 2)
        scale /= 2
      }
      let map = maps.map(scale, &builder)
      x = SPADEBlock(network: self, inputs: inputs, outputs: outputs)
        .write(x, map, name, into: &builder)
    }
    x = builder.graph.leakyReLU(x)
    x = builder.convolution(
      x, "conv_img", from: blocks.last?.2 ?? width, to: outputChannels, kernel: 3, padding: 1)
    builder.output(builder.graph.node("Tanh", [x], name: "output"))
  }

  private func writeStart(
    _ maps: inout LabelPyramid, _ builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    guard let latent else {
      return builder.convolution(
        maps.map(factor, &builder), "fc", from: labelChannels, to: 16 * width, kernel: 3,
        padding: 1)
    }
    let z = builder.graph.input("z", shape: [1, latent.length])
    let row = builder.linear(
      z, "fc", from: latent.length, to: 16 * width * latent.height * latent.width)
    return builder.graph.reshape(row, [-1, 16 * width, latent.height, latent.width])
  }
}
