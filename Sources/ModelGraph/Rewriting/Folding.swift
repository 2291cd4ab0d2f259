extension Graph {
  /// Folds scales and shifts of channels that follow a convolution into its weight and bias, so that
  /// they cost nothing as the network runs.
  ///
  /// Batch norms in evaluation count as such. A convolution whose output is read elsewhere, or whose
  /// weight is shared, stays.
  public func folded() -> Graph {
    var result = self
    result.nodes = nodes.map { result.affineForm(of: $0) }.flatMap(\.self)
    result.foldIntoConvolutions()
    result.removeUnused()
    return result
  }

  /// A batch norm as a product and a sum.
  private mutating func affineForm(of node: Node) -> [Node] {
    guard node.op == "BatchNormalization", node.inputs.count == 5 else { return [node] }
    let operands = node.inputs.dropFirst().compactMap { constants[$0]?.floats }
    guard operands.count == 4, Set(operands.map(\.count)).count == 1 else { return [node] }
    let (gamma, beta, mean, variance) = (operands[0], operands[1], operands[2], operands[3])
    let moments = Moments(
      count: 1, mean: mean.map(Double.init), squares: variance.map(Double.init), maximum: mean)
    let norm = FrozenForm.Norm(
      gamma: gamma, beta: beta, epsilon: Double(node.float("epsilon") ?? 1e-5))
    let (scale, shift) = norm.affine(.channelMoments, moments)
    let output = node.outputs[0]
    let names = ["\(output):scale", "\(output):shift"]
    for (name, values) in zip(names, [scale, shift]) {
      constants[name] = Constant(values, shape: [1, values.count, 1, 1])
    }
    return FrozenForm.affine(
      of: node.inputs[0], output: output, name: node.name, scale: names[0], shift: names[1])
  }

  private mutating func foldIntoConvolutions() {
    let readers = consumers
    // The convolution that makes a value, as far as it was seen.
    var makers: [String: Int] = [:]
    var isGone = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      if node.op == "Conv" || node.op == "ConvTranspose" { makers[node.outputs[0]] = index }
      guard node.op == "Mul" || node.op == "Add", let operand = channelOperand(of: node),
        let maker = makers[operand.value], readers[operand.value] == [index],
        !outputs.contains(operand.value), fold(node, operand.factors, into: maker)
      else { continue }
      makers[node.outputs[0]] = maker
      isGone[index] = true
    }
    nodes = nodes.indices.filter { !isGone[$0] }.map { nodes[$0] }
  }

  /// Changes the convolution at `index` so that it makes what `node` makes of it.
  private mutating func fold(_ node: Node, _ operand: [Float], into index: Int) -> Bool {
    let convolution = nodes[index]
    guard let weight = convolution.input(1).flatMap({ constants[$0] }), weight.shape.count == 4,
      weight.elementType == .float32
    else { return false }
    let isTransposed = convolution.op == "ConvTranspose"
    let groups = isTransposed ? convolution.integer("group") ?? 1 : 1
    guard (1...1 << 16).contains(groups), weight.shape[0] % groups == 0 else { return false }
    let channels = isTransposed ? weight.shape[1] * groups : weight.shape[0]
    guard operand.count == channels || operand.count == 1 else { return false }
    let factors =
      operand.count == channels ? operand : [Float](repeating: operand[0], count: channels)
    var bias = [Float](repeating: 0, count: channels)
    if let name = convolution.input(2) {
      guard let constant = constants[name], constant.elementType == .float32,
        constant.count == channels
      else { return false }
      bias = constant.floats
    }
    // Names that say what they hold, and leave shared weights alone.
    let (newWeight, newBias) = ("\(node.outputs[0]):weight", "\(node.outputs[0]):bias")
    if node.op == "Mul" {
      for channel in 0..<channels { bias[channel] *= factors[channel] }
      constants[newWeight] = Self.scaled(
        weight, by: factors, isTransposed: isTransposed, groups: groups)
    } else {
      for channel in 0..<channels { bias[channel] += factors[channel] }
      constants[newWeight] = weight
    }
    constants[newBias] = Constant(bias)
    nodes[index].inputs = [convolution.inputs[0], newWeight, newBias]
    nodes[index].outputs = node.outputs
    return true
  }

  /// The picture and the channel factors of a product or sum with a constant [1, C, 1, 1].
  private func channelOperand(of node: Node) -> (value: String, factors: [Float])? {
    guard node.inputs.count == 2 else { return nil }
    for (value, other) in [(0, 1), (1, 0)] {
      guard let constant = constants[node.inputs[other]], constants[node.inputs[value]] == nil,
        constant.elementType == .float32
      else { continue }
      let shape = constant.shape
      let isScalar = constant.count == 1 && shape.count <= 4
      let isChannels =
        (shape.count == 4 && shape[0] == 1 && shape[2...] == [1, 1])
        || (shape.count == 3 && shape[1...] == [1, 1])
      guard isScalar || isChannels else { continue }
      return (node.inputs[value], constant.floats)
    }
    return nil
  }

  /// The weight with every output channel multiplied by its factor.
  private static func scaled(
    _ weight: Constant, by factors: [Float], isTransposed: Bool, groups: Int
  ) -> Constant {
    var values = weight.floats
    let area = weight.shape[2] * weight.shape[3]
    if isTransposed {
      // [in, out / groups, h, w]: the group of an input channel decides which outputs these are.
      let outputs = weight.shape[1]
      let inputsPerGroup = weight.shape[0] / groups
      for input in 0..<weight.shape[0] {
        for output in 0..<outputs {
          let factor = factors[input / max(inputsPerGroup, 1) * outputs + output]
          let start = (input * outputs + output) * area
          for place in start..<(start + area) { values[place] *= factor }
        }
      }
    } else {
      let size = weight.shape[1] * area
      for output in 0..<weight.shape[0] {
        for place in (output * size)..<((output + 1) * size) { values[place] *= factors[output] }
      }
    }
    return Constant(values, shape: weight.shape)
  }
}
