/// A residual block of SPADE's generator, whose norms are scaled and shifted by the label map.
struct SPADEBlock {
  let network: SPADEGenerator
  let inputs: Int
  let outputs: Int

  func write(
    _ x: NetworkBuilder.Value, _ labels: NetworkBuilder.Value, _ prefix: String,
    into builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    let middle = min(inputs, outputs)
    var y = norm(x, labels, "\(prefix).norm_0", inputs, &builder)
    y = convolution(
      builder.graph.leakyReLU(y), "\(prefix).conv_0", from: inputs, to: middle, &builder)
    y = norm(y, labels, "\(prefix).norm_1", middle, &builder)
    y = convolution(
      builder.graph.leakyReLU(y), "\(prefix).conv_1", from: middle, to: outputs, &builder)
    guard inputs != outputs else { return builder.graph.sum(x, y) }
    let normed = norm(x, labels, "\(prefix).norm_s", inputs, &builder)
    let skip = builder.convolution(
      normed, "\(prefix).conv_s", from: inputs, to: outputs, kernel: 1, bias: false,
      spectral: network.isSpectral)
    return builder.graph.sum(skip, y)
  }

  private func convolution(
    _ x: NetworkBuilder.Value, _ prefix: String, from inputs: Int, to outputs: Int,
    _ builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    builder.convolution(
      x, prefix, from: inputs, to: outputs, kernel: 3, padding: 1, spectral: network.isSpectral)
  }

  /// norm(x) (1 + gamma(labels)) + beta(labels).
  private func norm(
    _ x: NetworkBuilder.Value, _ labels: NetworkBuilder.Value, _ prefix: String, _ channels: Int,
    _ builder: inout NetworkBuilder
  ) -> NetworkBuilder.Value {
    let free = "\(prefix).param_free_norm"
    let normed =
      network.norm == .batch
      ? builder.batchNormWithoutScale(x, free, channels: channels)
      : builder.norm(x, free, network.norm, channels: channels)
    let (kernel, hidden) = (network.kernel, network.hidden)
    var features = builder.convolution(
      labels, "\(prefix).mlp_shared.0", from: network.labelChannels, to: hidden, kernel: kernel,
      padding: kernel / 2)
    features = builder.graph.relu(features)
    let gamma = builder.convolution(
      features, "\(prefix).mlp_gamma", from: hidden, to: channels, kernel: kernel,
      padding: kernel / 2)
    let beta = builder.convolution(
      features, "\(prefix).mlp_beta", from: hidden, to: channels, kernel: kernel,
      padding: kernel / 2)
    let one = builder.graph.constant(.init(scalar: 1))
    let scaled = builder.graph.product(normed, builder.graph.sum(gamma, one))
    return builder.graph.sum(scaled, beta)
  }
}
