extension Graph {
  /// The graph with operations that look at the whole picture replaced by what was measured.
  ///
  /// A norm becomes y = x scale + shift a channel, a pool becomes its value. `moments` has the
  /// statistics by their output; those that it lacks stay as they are.
  public func frozen(
    _ statistics: [Statistic], moments: [String: Moments], shapes: [String: [Int]]
  ) -> Graph {
    var result = self
    let kinds = Dictionary(statistics.map { ($0.output, $0.kind) }) { first, _ in first }
    result.nodes = []
    for node in nodes {
      guard let output = node.outputs.first, let kind = kinds[output],
        let measured = moments[output]
      else {
        result.nodes.append(node)
        continue
      }
      switch kind {
      case .channelMoments, .groupMoments:
        result.freezeNorm(node, kind, measured)
      case .mean:
        let shape = shapes[output] ?? [1, measured.mean.count, 1, 1]
        result.constants[output] = Self.pool(measured.mean.map { Float($0) }, shape)
      case .maximum:
        let shape = shapes[output] ?? [1, measured.mean.count, 1, 1]
        result.constants[output] = Constant(measured.maximum, shape: shape)
      }
    }
    return result
  }

  /// The mean of each channel in the shape of the pool's output, or of all where it has one value.
  private static func pool(_ values: [Float], _ shape: [Int]) -> Constant {
    let count = shape.reduce(1, *)
    guard count != values.count else { return Constant(values, shape: shape) }
    let mean = values.reduce(0, +) / Float(max(values.count, 1))
    return Constant([Float](repeating: mean, count: count), shape: shape)
  }

  /// Scale and shift of a norm layer under these moments.
  static func affine(
    gamma: [Float], beta: [Float], epsilon: Double, _ kind: Statistic.Kind, _ moments: Moments
  ) -> (scale: [Float], shift: [Float]) {
    var moments = moments
    if case .groupMoments(let groups) = kind { moments = moments.pooled(groups: groups) }
    let variance = moments.variance
    var scale: [Float] = []
    var shift: [Float] = []
    for channel in gamma.indices {
      let factor = Double(gamma[channel]) / (variance[channel] + epsilon).squareRoot()
      scale.append(Float(factor))
      shift.append(Float(Double(beta[channel]) - moments.mean[channel] * factor))
    }
    return (scale, shift)
  }

  private mutating func freezeNorm(_ node: Node, _ kind: Statistic.Kind, _ moments: Moments) {
    let output = node.outputs[0]
    guard let gamma = node.input(1).flatMap({ constants[$0]?.floats }),
      let beta = node.input(2).flatMap({ constants[$0]?.floats }),
      gamma.count == moments.mean.count, beta.count == gamma.count
    else { return nodes.append(node) }
    let (scale, shift) = Self.affine(
      gamma: gamma, beta: beta, epsilon: Double(node.float("epsilon") ?? 1e-5), kind, moments)
    appendAffine(of: node.inputs[0], output: output, name: node.name, scale: scale, shift: shift)
  }

  /// y = x scale + shift a channel, folded into the convolution that makes x where nothing else
  /// reads it.
  mutating func appendAffine(
    of input: String, output: String, name: String, scale: [Float], shift: [Float]
  ) {
    let channels = scale.count
    let (a, b) = ("\(output):scale", "\(output):shift")
    constants[a] = Constant(scale, shape: [1, channels, 1, 1])
    constants[b] = Constant(shift, shape: [1, channels, 1, 1])
    nodes.append(Node("Mul", name: name, inputs: [input, a], outputs: ["\(output):scaled"]))
    nodes.append(Node("Add", name: name, inputs: ["\(output):scaled", b], outputs: [output]))
  }
}
