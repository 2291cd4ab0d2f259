extension GraphBuilder {
  /// How a convolution or a padding continues the picture beyond its border.
  public enum Border: String, Sendable {
    /// Zeros.
    case constant
    /// Mirrored without repeating the edge.
    case reflect
    /// The edge repeated.
    case edge
  }

  /// Convolution of NCHW with a weight [out, in / groups, kernel, kernel].
  public mutating func convolution(
    _ x: Value, weight: Value, bias: Value? = nil, stride: Int = 1, padding: Int = 0,
    groups: Int = 1
  ) -> Value {
    node(
      "Conv", [x, weight] + (bias.map { [$0] } ?? []),
      [
        "strides": .integers([stride, stride]),
        "pads": .integers([padding, padding, padding, padding]),
        "group": .integer(groups),
      ])
  }

  /// Transposed convolution with a weight [in, out, kernel, kernel].
  public mutating func transposedConvolution(
    _ x: Value, weight: Value, bias: Value? = nil, stride: Int, padding: Int,
    outputPadding: Int = 0
  ) -> Value {
    node(
      "ConvTranspose", [x, weight] + (bias.map { [$0] } ?? []),
      [
        "strides": .integers([stride, stride]),
        "pads": .integers([padding, padding, padding, padding]),
        "output_padding": .integers([outputPadding, outputPadding]),
      ])
  }

  /// Grows a picture by `count` px on every side.
  public mutating func pad(_ x: Value, _ count: Int, _ border: Border) -> Value {
    let pads = constant(Constant(integers: [0, 0, count, count, 0, 0, count, count]))
    return node("Pad", [x, pads], ["mode": .text(border.rawValue)])
  }

  /// Instance norm over height and width, biased variance.
  ///
  /// Without a scale and a shift these are 1 and 0 for each of `channels`.
  public mutating func instanceNorm(
    _ x: Value, channels: Int, scale: Value? = nil, shift: Value? = nil, epsilon: Float = 1e-5
  ) -> Value {
    let scale = scale ?? constant(Constant([Float](repeating: 1, count: channels)))
    let shift = shift ?? constant(Constant([Float](repeating: 0, count: channels)))
    return node("InstanceNormalization", [x, scale, shift], ["epsilon": .float(epsilon)])
  }

  /// Batch norm with the statistics of training.
  public mutating func batchNorm(
    _ x: Value, scale: Value, shift: Value, mean: Value, variance: Value, epsilon: Float = 1e-5
  ) -> Value {
    node(
      "BatchNormalization", [x, scale, shift, mean, variance], ["epsilon": .float(epsilon)])
  }

  /// max(x, 0).
  public mutating func relu(_ x: Value) -> Value { node("Relu", [x]) }

  /// x where positive, else slope times x.
  public mutating func leakyReLU(_ x: Value, slope: Float = 0.2) -> Value {
    node("LeakyRelu", [x], ["alpha": .float(slope)])
  }

  /// Hyperbolic tangent.
  public mutating func tanh(_ x: Value) -> Value { node("Tanh", [x]) }

  /// Logistic function.
  public mutating func sigmoid(_ x: Value) -> Value { node("Sigmoid", [x]) }

  /// Sum of two values of one shape, or one of which is broadcast.
  public mutating func sum(_ a: Value, _ b: Value) -> Value { node("Add", [a, b]) }

  /// Product of two values of one shape, or one of which is broadcast.
  public mutating func product(_ a: Value, _ b: Value) -> Value { node("Mul", [a, b]) }

  /// Channels of all values, one after the other.
  public mutating func concatenateChannels(_ values: [Value]) -> Value {
    node("Concat", values, ["axis": .integer(1)])
  }

  /// Every pixel `factor` times in both directions.
  public mutating func upsampleNearest(_ x: Value, _ factor: Int) -> Value {
    resize(x, factor, mode: "nearest", coordinates: "asymmetric")
  }

  /// Bilinear enlargement with half-pixel centers (`align_corners=False`).
  public mutating func upsampleBilinear(_ x: Value, _ factor: Int) -> Value {
    resize(x, factor, mode: "linear", coordinates: "half_pixel")
  }

  private mutating func resize(
    _ x: Value, _ factor: Int, mode: String, coordinates: String
  ) -> Value {
    let scales = constant(Constant([1, 1, Float(factor), Float(factor)]))
    return node(
      "Resize", [x, "", scales],
      [
        "mode": .text(mode), "coordinate_transformation_mode": .text(coordinates),
        "nearest_mode": .text("floor"),
      ])
  }

  /// The first of every `step` pixels in both directions: nearest-neighbor reduction.
  public mutating func subsample(_ x: Value, _ step: Int) -> Value {
    let starts = constant(Constant(integers: [0, 0]))
    // Beyond any size: to the end.
    let ends = constant(Constant(integers: [Int(Int32.max), Int(Int32.max)]))
    let axes = constant(Constant(integers: [2, 3]))
    let steps = constant(Constant(integers: [step, step]))
    return node("Slice", [x, starts, ends, axes, steps])
  }

  /// Average over squares; pixels beyond the border are not counted.
  public mutating func averagePool(
    _ x: Value, kernel: Int, stride: Int, padding: Int
  ) -> Value {
    node(
      "AveragePool", [x],
      [
        "kernel_shape": .integers([kernel, kernel]), "strides": .integers([stride, stride]),
        "pads": .integers([padding, padding, padding, padding]),
        "count_include_pad": .integer(0),
      ])
  }

  /// Rows times a weight [out, in], plus a bias.
  public mutating func linear(_ x: Value, weight: Value, bias: Value) -> Value {
    node("Gemm", [x, weight, bias], ["transB": .integer(1)])
  }

  /// The same elements under other sizes, of which one may be -1.
  public mutating func reshape(_ x: Value, _ shape: [Int]) -> Value {
    let shape = constant(Constant(integers: shape))
    return node("Reshape", [x, shape])
  }
}
