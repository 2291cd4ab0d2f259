/// Two 3x3 convolutions with mirrored borders, added to what went in.
struct ResidualBlock {
  let channels: Int
  let norm: NormKind
  let hasBias: Bool
  let hasDropout: Bool

  func write(
    _ x: NetworkBuilder.Value, _ prefix: String, into builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    var y = convolution(x, prefix, 1, &builder)
    y = builder.graph.relu(y)
    if hasDropout { y = builder.dropout(y) }
    y = convolution(y, prefix, hasDropout ? 6 : 5, &builder)
    return builder.graph.sum(x, y)
  }

  private func convolution(
    _ x: NetworkBuilder.Value, _ prefix: String, _ index: Int, _ builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    var y = builder.graph.pad(x, 1, .reflect)
    y = builder.convolution(
      y, "\(prefix).\(index)", from: channels, to: channels, kernel: 3, bias: hasBias)
    return builder.norm(y, "\(prefix).\(index + 1)", norm, channels: channels)
  }
}
