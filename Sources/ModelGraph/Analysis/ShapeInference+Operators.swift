extension ShapeInference {
  private static let elementwise: Set<String> = [
    "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Elu", "Selu", "Softplus", "Softsign", "HardSigmoid",
    "HardSwish", "Mish", "Gelu", "Erf", "Exp", "Log", "Sqrt", "Abs", "Neg", "Floor", "Ceil",
    "Round", "Sign", "Reciprocal", "Sin", "Cos", "Clip", "Cast", "Identity", "Not", "Softmax",
    "LogSoftmax", "InstanceNormalization", "BatchNormalization", "GroupNormalization",
    "LayerNormalization", "MeanVarianceNormalization", "LRN", "LpNormalization",
    "ThresholdedRelu", "Celu", "CumSum", "IsNaN", "Trilu",
  ]

  private static let broadcasting: Set<String> = [
    "Add", "Sub", "Mul", "Div", "Pow", "PRelu", "Max", "Min", "Sum", "Mean", "Where", "Equal",
    "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Mod",
  ]

  /// Sizes of what a node makes, one an output.
  func shapes(of node: Node) throws(ModelError) -> [[Int]] {
    if Self.elementwise.contains(node.op) {
      try checkNorm(node)
      return [try shape(node, 0)]
    }
    if Self.broadcasting.contains(node.op) { return [try broadcast(node)] }
    switch node.op {
    case "Conv": return [try convolution(node)]
    case "ConvTranspose": return [try transposedConvolution(node)]
    case "MaxPool", "AveragePool", "LpPool": return [try pool(node)]
    case "GlobalAveragePool", "GlobalMaxPool":
      let input = try picture(node)
      return [[input[0], input[1], 1, 1]]
    case "Pad": return [try pad(node)]
    case "Resize": return [try resize(node)]
    case "Slice": return [try slice(node)]
    case "Concat": return [try concatenation(node)]
    case "Split": return try split(node)
    case "Reshape": return [try reshape(node)]
    case "Flatten":
      let input = try shape(node, 0)
      let place = node.integer("axis") ?? 1
      let axis = min(max(place < 0 ? place &+ input.count : place, 0), input.count)
      return [[input[..<axis].reduce(1, *), input[axis...].reduce(1, *)]]
    case "Transpose":
      let input = try shape(node, 0)
      let order = node.integers("perm") ?? Array(input.indices.reversed())
      guard order.sorted() == Array(input.indices) else { throw fault(node, "has a wrong order") }
      return [order.map { input[$0] }]
    case "Squeeze", "Unsqueeze": return [try squeeze(node)]
    case "ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceProd", "ReduceL1",
      "ReduceL2", "ReduceSumSquare", "ReduceLogSum", "ReduceLogSumExp", "ArgMax", "ArgMin":
      return [try reduction(node)]
    case "MatMul": return [try matrixProduct(node)]
    case "Gemm":
      let (a, b) = (try shape(node, 0), try shape(node, 1))
      guard a.count == 2, b.count == 2 else { throw fault(node, "gets no matrices") }
      let inner = (a[node.integer("transA") == 1 ? 0 : 1], b[node.integer("transB") == 1 ? 1 : 0])
      guard inner.0 == inner.1 else { throw fault(node, "multiplies \(a) by \(b)") }
      return [[a[node.integer("transA") == 1 ? 1 : 0], b[node.integer("transB") == 1 ? 0 : 1]]]
    case "DepthToSpace":
      let (input, block) = (try picture(node), node.integer("blocksize") ?? 0)
      guard block >= 1, block < 1 << 10, input[1] % (block * block) == 0 else {
        throw fault(node, "cannot spread \(input[1]) channels over \(block) x \(block) px")
      }
      return [[input[0], input[1] / (block * block), input[2] * block, input[3] * block]]
    case "SpaceToDepth":
      let (input, block) = (try picture(node), node.integer("blocksize") ?? 0)
      guard block >= 1, block < 1 << 10, input[2] % block == 0, input[3] % block == 0 else {
        throw fault(node, "cannot gather \(input) in blocks of \(block) px")
      }
      return [[input[0], input[1] * block * block, input[2] / block, input[3] / block]]
    case "Shape":
      let axes = Self.axes(node, try shape(node, 0).count)
      guard !axes.isEmpty else { throw fault(node, "tells no size") }
      return [[axes.count]]
    case "Size": return [[]]
    case "Gather":
      let (data, indices) = (try shape(node, 0), try shape(node, 1))
      let axis = try self.axis(node.integer("axis") ?? 0, of: data, node)
      return [Array(data[..<axis]) + indices + Array(data[(axis + 1)...])]
    case "Expand":
      guard let target = integers(node, 1) else { throw fault(node, "has no known size") }
      return [try Self.broadcast([shape(node, 0), target], node)]
    case "Tile":
      let input = try shape(node, 0)
      guard let repeats = integers(node, 1), repeats.count == input.count,
        repeats.allSatisfy({ (1...1 << 20).contains($0) })
      else { throw fault(node, "has no known count") }
      return [zip(input, repeats).map { min($0, 1 << 40) * $1 }]
    case "ConstantOfShape":
      guard let target = integers(node, 0) else { throw fault(node, "has no known size") }
      return [target]
    default:
      throw fault(node, "is an operator that is not known here")
    }
  }

  /// Throws where a norm has not one scale and one shift a channel.
  private func checkNorm(_ node: Node) throws(ModelError) {
    let isGroup = node.op == "GroupNormalization"
    guard isGroup || ["InstanceNormalization", "BatchNormalization"].contains(node.op) else {
      return
    }
    let input = try shape(node, 0)
    guard input.count >= 2 else { throw fault(node, "gets \(input.count) axes") }
    let groups = isGroup ? node.integer("num_groups") ?? 0 : 1
    guard groups >= 1, groups <= input[1], input[1] % groups == 0 else {
      throw fault(node, "has \(groups) groups for \(input[1]) channels")
    }
    for place in 1..<(node.op == "BatchNormalization" ? 5 : 3) {
      let operand = try shape(node, place)
      guard operand == [input[1]] || isGroup && operand == [groups] else {
        throw fault(node, "has an operand of \(operand) for \(input[1]) channels")
      }
    }
  }

  func axis(_ value: Int, of shape: [Int], _ node: Node) throws(ModelError) -> Int {
    let axis = value < 0 ? value &+ shape.count : value
    guard shape.indices.contains(axis) else { throw fault(node, "names axis \(value) of \(shape)") }
    return axis
  }

  private func broadcast(_ node: Node) throws(ModelError) -> [Int] {
    var operands: [[Int]] = []
    for index in node.inputs.indices { operands.append(try shape(node, index)) }
    return try Self.broadcast(operands, node)
  }

  static func broadcast(_ operands: [[Int]], _ node: Node) throws(ModelError) -> [Int] {
    let rank = operands.map(\.count).max() ?? 0
    var result = [Int](repeating: 1, count: rank)
    for operand in operands {
      for (place, size) in operand.enumerated() {
        let axis = rank - operand.count + place
        guard size >= 1, size == 1 || result[axis] == 1 || result[axis] == size else {
          throw ModelError(Self.action, "\(node.title) joins \(operands), which do not fit")
        }
        result[axis] = max(result[axis], size)
      }
    }
    return result
  }

  private func squeeze(_ node: Node) throws(ModelError) -> [Int] {
    let input = try shape(node, 0)
    let axes = integers(node, 1)
    if node.op == "Squeeze" {
      guard let axes else { return input.filter { $0 != 1 } }
      let dropped = Set(axes.map { $0 < 0 ? $0 &+ input.count : $0 })
      return input.indices.filter { !dropped.contains($0) }.map { input[$0] }
    }
    guard let axes, axes.count <= 8, input.count <= 8 else {
      throw fault(node, "has no known axes")
    }
    let rank = input.count + axes.count
    let added = Set(axes.map { $0 < 0 ? $0 &+ rank : $0 })
    guard added.count == axes.count, added.allSatisfy((0..<rank).contains) else {
      throw fault(node, "adds axes \(axes) to \(input)")
    }
    var rest = input[...]
    return (0..<rank).map { added.contains($0) ? 1 : rest.removeFirst() }
  }

  private func reduction(_ node: Node) throws(ModelError) -> [Int] {
    let input = try shape(node, 0)
    var axes = node.integers("axes") ?? node.integer("axis").map { [$0] } ?? integers(node, 1) ?? []
    if axes.isEmpty {
      if node.integer("noop_with_empty_axes") == 1 { return input }
      axes = Array(input.indices)
    }
    var reduced: Set<Int> = []
    for value in axes { reduced.insert(try axis(value, of: input, node)) }
    if node.integer("keepdims") ?? 1 == 1 {
      return input.indices.map { reduced.contains($0) ? 1 : input[$0] }
    }
    return input.indices.filter { !reduced.contains($0) }.map { input[$0] }
  }

  private func matrixProduct(_ node: Node) throws(ModelError) -> [Int] {
    let (a, b) = (try shape(node, 0), try shape(node, 1))
    guard a.count >= 2, b.count >= 2, a[a.count - 1] == b[b.count - 2] else {
      throw fault(node, "multiplies \(a) by \(b)")
    }
    let batch = try Self.broadcast([Array(a.dropLast(2)), Array(b.dropLast(2))], node)
    return batch + [a[a.count - 2], b[b.count - 1]]
  }

  private func reshape(_ node: Node) throws(ModelError) -> [Int] {
    let input = try shape(node, 0)
    guard let wanted = integers(node, 1), wanted.count <= 16 else {
      throw fault(node, "has no known size")
    }
    let total = input.reduce(1, *)
    var result: [Int] = []
    for (axis, size) in wanted.enumerated() {
      guard size >= -1, size < 1 << 40 else { throw fault(node, "asks for the size \(wanted)") }
      if size == 0, node.integer("allowzero") != 1 {
        guard axis < input.count else { throw fault(node, "asks for the size \(wanted)") }
        result.append(input[axis])
      } else {
        result.append(size)
      }
    }
    guard result.count(where: { $0 == -1 }) <= 1 else {
      throw fault(node, "asks for the size \(wanted)")
    }
    var rest = 1.0
    for size in result where size != -1 { rest *= Double(size) }
    guard rest >= 1, rest < 1e13 else { throw fault(node, "asks for the size \(wanted)") }
    if let open = result.firstIndex(of: -1) { result[open] = total / Int(rest) }
    guard result.reduce(1, *) == total else {
      throw fault(node, "cannot make \(wanted) of \(input)")
    }
    return result
  }

  private func concatenation(_ node: Node) throws(ModelError) -> [Int] {
    var result = try shape(node, 0)
    let axis = try self.axis(node.integer("axis") ?? 1, of: result, node)
    for index in node.inputs.indices.dropFirst() {
      let other = try shape(node, index)
      guard other.count == result.count,
        other.indices.allSatisfy({ $0 == axis || other[$0] == result[$0] })
      else { throw fault(node, "joins \(result) and \(other), which do not fit") }
      result[axis] += other[axis]
    }
    return result
  }

  private func split(_ node: Node) throws(ModelError) -> [[Int]] {
    let input = try shape(node, 0)
    let axis = try self.axis(node.integer("axis") ?? 0, of: input, node)
    let parts = node.outputs.count
    // Parts of one size, the last of which may be smaller.
    let chunk = (input[axis] + parts - 1) / max(parts, 1)
    let sizes =
      integers(node, 1) ?? (0..<parts).map { min(chunk, max(0, input[axis] - $0 * chunk)) }
    guard sizes.count == parts, sizes.reduce(0, &+) == input[axis] else {
      throw fault(node, "splits \(input[axis]) into \(sizes)")
    }
    return sizes.map { size in
      var shape = input
      shape[axis] = size
      return shape
    }
  }
}
