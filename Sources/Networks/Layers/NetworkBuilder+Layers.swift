extension NetworkBuilder {
  /// Convolution with the weight `prefix`.weight [out, in, kernel, kernel] and its bias.
  public mutating func convolution(
    _ x: Value, _ prefix: String, from inputs: Int, to outputs: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0, bias: Bool = true, spectral: Bool = false
  ) -> Value {
    let shape = [outputs, inputs, kernel, kernel]
    // A spectral norm moves the weight behind the bias.
    let early = bias && spectral ? parameter("\(prefix).bias", [outputs], .bias) : nil
    let weight =
      spectral
      ? spectralWeight(prefix, shape) : parameter("\(prefix).weight", shape, .convolution)
    let late = bias && !spectral ? parameter("\(prefix).bias", [outputs], .bias) : nil
    return graph.convolution(
      x, weight: weight, bias: early ?? late, stride: stride, padding: padding)
  }

  /// Transposed convolution with the weight `prefix`.weight [in, out, kernel, kernel] and its bias.
  public mutating func transposedConvolution(
    _ x: Value, _ prefix: String, from inputs: Int, to outputs: Int, kernel: Int, stride: Int,
    padding: Int, outputPadding: Int = 0, bias: Bool
  ) -> Value {
    let weight = parameter(
      "\(prefix).weight", [inputs, outputs, kernel, kernel], .transposedConvolution)
    let bias = bias ? parameter("\(prefix).bias", [outputs], .bias) : nil
    return graph.transposedConvolution(
      x, weight: weight, bias: bias, stride: stride, padding: padding,
      outputPadding: outputPadding)
  }

  /// Linear layer of rows with the weight `prefix`.weight [out, in] and its bias.
  public mutating func linear(
    _ x: Value, _ prefix: String, from inputs: Int, to outputs: Int
  ) -> Value {
    let weight = parameter("\(prefix).weight", [outputs, inputs], .linear)
    let bias = parameter("\(prefix).bias", [outputs], .bias)
    return graph.linear(x, weight: weight, bias: bias)
  }

  /// The norm called `prefix`, without an operation for `none`.
  public mutating func norm(
    _ x: Value, _ prefix: String, _ kind: NormKind, channels: Int
  ) -> Value {
    switch kind {
    case .none: return x
    case .batch:
      let scale = parameter("\(prefix).weight", [channels], .normScale)
      let shift = parameter("\(prefix).bias", [channels], .normShift)
      return batchNorm(x, prefix, scale: scale, shift: shift, channels: channels)
    case .instance:
      ignoreStatistics(prefix)
      return graph.instanceNorm(
        x, channels: channels, scale: constant(1, channels), shift: constant(0, channels))
    }
  }

  /// Batch norm without scale and shift.
  mutating func batchNormWithoutScale(_ x: Value, _ prefix: String, channels: Int) -> Value {
    batchNorm(
      x, prefix, scale: constant(1, channels), shift: constant(0, channels), channels: channels)
  }

  private mutating func batchNorm(
    _ x: Value, _ prefix: String, scale: Value, shift: Value, channels: Int
  ) -> Value {
    let mean = parameter("\(prefix).running_mean", [channels], .runningMean)
    let variance = parameter("\(prefix).running_var", [channels], .runningVariance)
    note("\(prefix).num_batches_tracked", [], .batchCount)
    return graph.batchNorm(x, scale: scale, shift: shift, mean: mean, variance: variance)
  }

  /// Instance norm with a scale and a shift.
  mutating func scaledInstanceNorm(_ x: Value, _ prefix: String, channels: Int) -> Value {
    let scale = parameter("\(prefix).weight", [channels], .normScale)
    let shift = parameter("\(prefix).bias", [channels], .normShift)
    ignoreStatistics(prefix)
    return graph.instanceNorm(x, channels: channels, scale: scale, shift: shift)
  }

  /// Instance norms of 2018 kept statistics that nothing ever used.
  mutating func ignoreStatistics(_ prefix: String) {
    ignore(["running_mean", "running_var", "num_batches_tracked"].map { "\(prefix).\($0)" })
  }

  /// Halves a picture: blur by [1, 2, 1] / 4 in both directions, then every second pixel.
  public mutating func blurDown(_ x: Value, _ prefix: String, channels: Int) -> Value {
    note("\(prefix).filt", [channels, 1, 3, 3], .blurKernel)
    let kernel: [Float] = [1, 2, 1, 2, 4, 2, 1, 2, 1].map { $0 / 16 }
    let values = (0..<channels).flatMap { _ in kernel }
    let weight = graph.constant(.init(values, shape: [channels, 1, 3, 3]))
    let padded = graph.pad(x, 1, .reflect)
    return graph.convolution(padded, weight: weight, stride: 2, groups: channels)
  }

  /// Doubles a picture: the published blur by [1, 3, 3, 1] equals bilinear interpolation.
  public mutating func blurUp(_ x: Value, _ prefix: String, channels: Int) -> Value {
    note("\(prefix).filt", [channels, 1, 4, 4], .blurKernel)
    return graph.upsampleBilinear(x, 2)
  }
}
