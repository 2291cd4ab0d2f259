extension Graph {
  /// The same network for pictures of any size.
  ///
  /// Exports often hold the size of one picture: in a reshape that shuffles pixels, in the output
  /// size of a transposed convolution or a resize, in the end of a crop. Each becomes what it stands
  /// for. `inputShapes` are sizes at which the graph as it is works.
  public func generalised(inputShapes: [String: [Int]]) throws(ModelError) -> Graph {
    let shapes = try ShapeInference(self, inputShapes: inputShapes)
    var rewriter = Generalisation(self, shapes: shapes)
    try rewriter.run()
    var result = rewriter.graph
    for index in result.inputs.indices where result.inputs[index].shape.count == 4 {
      result.inputs[index].shape[2] = nil
      result.inputs[index].shape[3] = nil
      // One image at a time.
      result.inputs[index].shape[0] = 1
    }
    result.removeUnused()
    try result.validate()
    return result
  }
}

/// Replaces operations that hold the size of one picture.
private struct Generalisation {
  var graph: Graph
  let shapes: ShapeInference
  private let consumers: [String: [Int]]
  private let producers: [String: Int]
  private var fresh = 0

  init(_ graph: Graph, shapes: ShapeInference) {
    self.graph = graph
    self.shapes = shapes
    consumers = graph.consumers
    producers = graph.producers
  }

  mutating func run() throws(ModelError) {
    var nodes: [Node] = []
    // Nodes that a pattern swallowed.
    var done: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where !done.contains(index) {
      if let (replacement, swallowed) = shuffle(index) ?? groupNorm(index) {
        nodes += replacement
        done.formUnion(swallowed)
        continue
      }
      switch node.op {
      case "Resize": nodes.append(try resize(node))
      case "ConvTranspose": nodes.append(try transposedConvolution(node))
      case "Conv", "MaxPool", "AveragePool": nodes.append(try explicitPads(node))
      case "Slice": nodes.append(slice(node))
      case "MeanVarianceNormalization": nodes.append(instanceNorm(node))
      default: nodes.append(node)
      }
    }
    // A swallowed node may have stood in front of one that its replacement reads.
    graph.nodes = nodes
  }

  private mutating func constant(_ value: Constant) -> String {
    fresh += 1
    let name = "any-size:\(fresh)"
    graph.constants[name] = value
    return name
  }

  private func shape(_ name: String?) -> [Int] { name.flatMap { shapes.shapes[$0] } ?? [] }

  /// The only reader of what node `index` makes.
  private func follower(_ index: Int) -> Int? {
    let output = graph.nodes[index].outputs[0]
    guard let readers = consumers[output], readers.count == 1, !graph.outputs.contains(output)
    else { return nil }
    return readers[0]
  }

  /// Reshape, transpose, reshape: pixels spread from channels, or gathered into them.
  private mutating func shuffle(_ index: Int) -> ([Node], Set<Int>)? {
    let first = graph.nodes[index]
    guard first.op == "Reshape", let middle = follower(index), let last = follower(middle),
      graph.nodes[middle].op == "Transpose", graph.nodes[last].op == "Reshape"
    else { return nil }
    let (from, split) = (shape(first.input(0)), shape(first.outputs[0]))
    let to = shape(graph.nodes[last].outputs[0])
    guard from.count == 4, split.count == 6, to.count == 4,
      let order = graph.nodes[middle].integers("perm")
    else { return nil }
    let result = graph.nodes[last].outputs
    let swallowed: Set<Int> = [index, middle, last]
    let isSpread = Array(split.suffix(2)) == Array(from.suffix(2))
    if isSpread, order == [0, 1, 4, 2, 5, 3], split[2] == split[3],
      to == [from[0], split[1], from[2] * split[2], from[3] * split[3]]
    {
      return (
        [spread(first, result, block: split[2], mode: "CRD")], swallowed
      )
    }
    if isSpread, order == [0, 3, 4, 1, 5, 2], split[1] == split[2],
      to == [from[0], split[3], from[2] * split[1], from[3] * split[2]]
    {
      return ([spread(first, result, block: split[1], mode: "DCR")], swallowed)
    }
    let block = split[3]
    guard order == [0, 1, 3, 5, 2, 4], split[5] == block, split[2] * block == from[2],
      split[4] * block == from[3], to == [from[0], from[1] * block * block, split[2], split[4]]
    else { return nil }
    // ONNX gathers with the place in front of the channel; here the channel comes first.
    let channels = from[1]
    let places = (0..<(channels * block * block)).map { index in
      index % (block * block) * channels + index / (block * block)
    }
    fresh += 1
    let gathered = "any-size:gathered\(fresh)"
    return (
      [
        Node(
          "SpaceToDepth", name: first.name, inputs: [first.inputs[0]], outputs: [gathered],
          attributes: ["blocksize": .integer(block)]),
        Node(
          "Gather", name: first.name, inputs: [gathered, constant(Constant(integers: places))],
          outputs: result, attributes: ["axis": .integer(1)]),
      ], swallowed
    )
  }

  private func spread(_ node: Node, _ outputs: [String], block: Int, mode: String) -> Node {
    Node(
      "DepthToSpace", name: node.name, inputs: [node.inputs[0]], outputs: outputs,
      attributes: ["blocksize": .integer(block), "mode": .text(mode)])
  }

  /// Reshape to groups, instance norm, reshape back: a group norm as exporters write it.
  private mutating func groupNorm(_ index: Int) -> ([Node], Set<Int>)? {
    let first = graph.nodes[index]
    guard first.op == "Reshape", let middle = follower(index), let last = follower(middle),
      graph.nodes[middle].op == "InstanceNormalization", graph.nodes[last].op == "Reshape"
    else { return nil }
    let (from, grouped) = (shape(first.input(0)), shape(first.outputs[0]))
    let norm = graph.nodes[middle]
    guard from.count == 4, grouped.count == 3, from[0] == grouped[0],
      from[1] % grouped[1] == 0, shape(graph.nodes[last].outputs[0]) == from,
      let scale = norm.input(1).flatMap({ graph.constants[$0]?.floats }),
      let shift = norm.input(2).flatMap({ graph.constants[$0]?.floats }),
      scale.count == grouped[1], shift.count == grouped[1]
    else { return nil }
    let size = from[1] / grouped[1]
    func spread(_ values: [Float]) -> Constant {
      Constant(values.flatMap { [Float](repeating: $0, count: size) })
    }
    let node = Node(
      "GroupNormalization", name: norm.name,
      inputs: [first.inputs[0], constant(spread(scale)), constant(spread(shift))],
      outputs: graph.nodes[last].outputs,
      attributes: [
        "num_groups": .integer(grouped[1]), "epsilon": .float(norm.float("epsilon") ?? 1e-5),
      ])
    return ([node], [index, middle, last])
  }

  private mutating func resize(_ node: Node) throws(ModelError) -> Node {
    let (input, output) = (shape(node.input(0)), shape(node.outputs[0]))
    guard input.count == 4, node.input(3) != nil else { return node }
    var result = node
    let scales = zip(input, output).map { Float($1) / Float($0) }
    result.inputs = [node.inputs[0], "", constant(Constant(scales))]
    return result
  }

  private func explicitPads(_ node: Node) throws(ModelError) -> Node {
    guard node.attributes["auto_pad"] != nil else { return node }
    var result = node
    let slidings = try shapes.sliding(node)
    result.attributes["auto_pad"] = nil
    result.attributes["pads"] = .integers(
      slidings.map(\.padBefore) + slidings.map(\.padAfter))
    return result
  }

  private func transposedConvolution(_ node: Node) throws(ModelError) -> Node {
    var result = try explicitPads(node)
    guard let size = node.integers("output_shape"), size.count == 2 else { return result }
    let slidings = try shapes.sliding(node)
    let input = shape(node.input(0))
    var pads = [0, 0, 0, 0]
    var more = [0, 0]
    for axis in 0..<2 {
      let sliding = slidings[axis]
      let total = (input[axis + 2] - 1) * sliding.stride + sliding.extent - size[axis]
      more[axis] = max(0, -total)
      // ONNX puts the odd pixel at the end, or in front for SAME_UPPER.
      let half = max(0, total) / 2
      let isUpper = node.text("auto_pad") == "SAME_UPPER"
      pads[axis] = isUpper ? max(0, total) - half : half
      pads[axis + 2] = max(0, total) - pads[axis]
    }
    result.attributes["output_shape"] = nil
    result.attributes["pads"] = .integers(pads)
    result.attributes["output_padding"] = .integers(more)
    return result
  }

  /// An end that is a place in one picture becomes a distance from the far border.
  private mutating func slice(_ node: Node) -> Node {
    let input = shape(node.input(0))
    guard input.count == 4, let slices = shapes.slices(node) else { return node }
    var ends = slices.map(\.end)
    for (place, slice) in slices.enumerated() where slice.axis >= 2 {
      let size = input[slice.axis]
      if slice.end >= size { ends[place] = Int(Int32.max) }
      if slice.end > 0, slice.end < size { ends[place] = slice.end - size }
    }
    var result = node
    result.inputs[2] = constant(Constant(integers: ends))
    return result
  }

  private mutating func instanceNorm(_ node: Node) -> Node {
    let channels = shape(node.input(0)).dropFirst().first ?? 1
    let axes = Set(node.integers("axes") ?? [0, 2, 3])
    guard axes == [0, 2, 3] || axes == [2, 3] else { return node }
    return Node(
      "InstanceNormalization", name: node.name,
      inputs: [
        node.inputs[0], constant(Constant([Float](repeating: 1, count: channels))),
        constant(Constant([Float](repeating: 0, count: channels))),
      ], outputs: node.outputs, attributes: ["epsilon": .float(1e-9)])
  }
}
