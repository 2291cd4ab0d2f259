extension Graph {
  /// The same network for pictures of any size.
  ///
  /// Exports often hold the size of one picture: in a reshape that shuffles pixels, in the output
  /// size of a transposed convolution or a resize, in the end of a crop. Each becomes what it stands
  /// for. `inputShapes` are sizes at which the graph as it is works.
  public func generalised(inputShapes: [String: [Int]]) throws(ModelError) -> Graph {
    let shapes = try ShapeInference(self, inputShapes: inputShapes)
    // What is the same for a picture twice as large holds for any.
    let larger = try? ShapeInference(
      self,
      inputShapes: inputShapes.mapValues { shape in
        shape.count == 4 ? shape.enumerated().map { $0 < 2 ? $1 : 2 * min($1, 1 << 20) } : shape
      })
    var rewriter = Generalisation(self, shapes: shapes)
    rewriter.foldKnownValues(larger)
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
struct Generalisation {
  var graph: Graph
  let shapes: ShapeInference
  private let consumers: [String: [Int]]
  private let names: Set<String>
  private var fresh = 0

  init(_ graph: Graph, shapes: ShapeInference) {
    self.graph = graph
    self.shapes = shapes
    consumers = graph.consumers
    names = Set(graph.constants.keys).union(graph.inputs.map(\.name))
      .union(graph.nodes.flatMap(\.outputs))
  }

  mutating func run() throws(ModelError) {
    var nodes: [Node] = []
    // Nodes that a pattern swallowed.
    var done: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where !done.contains(index) {
      if node.outputs.allSatisfy({ graph.constants[$0] != nil }) { continue }
      if let (replacement, swallowed) = pixelShuffle(index) ?? channelShuffle(index)
        ?? groupNorm(index)
      {
        nodes += replacement
        done.formUnion(swallowed)
        continue
      }
      switch node.op {
      case "Resize": nodes.append(try resize(node))
      case "ConvTranspose": nodes.append(try transposedConvolution(node))
      case "MaxPool", "AveragePool":
        if let pool = globalPool(node) { nodes.append(pool) } else { fallthrough }
      case "Conv", "LpPool": nodes.append(try explicitPads(node))
      case "Gather": nodes.append(gather(node))
      case "Reshape": nodes.append(reshape(node))
      case "GroupNormalization": nodes.append(groupNorm(node))
      case "Slice": nodes.append(slice(node))
      case "MeanVarianceNormalization": nodes.append(instanceNorm(node))
      default: nodes.append(node)
      }
    }
    // A swallowed node may have stood in front of one that its replacement reads.
    graph.nodes = nodes
  }

  /// Makes constants of values that are known without an image.
  mutating func foldKnownValues(_ larger: ShapeInference?) {
    var measured: Set<String> = []
    for node in graph.nodes {
      if node.op == "Shape" || node.op == "Size" || !measured.isDisjoint(with: node.inputs) {
        measured.formUnion(node.outputs)
      }
      guard node.outputs.count == 1, let output = node.outputs.first,
        !graph.outputs.contains(output), let value = shapes.known[output],
        let constant = value.constant(shape: shape(output)),
        !measured.contains(output) || larger?.known[output] == value
      else { continue }
      graph.constants[output] = constant
    }
  }

  /// A value under a name that nothing has.
  mutating func value() -> String {
    repeat { fresh += 1 } while names.contains("any-size:\(fresh)")
    return "any-size:\(fresh)"
  }

  mutating func constant(_ value: Constant) -> String {
    let name = self.value()
    graph.constants[name] = value
    return name
  }

  func shape(_ name: String?) -> [Int] { name.flatMap { shapes.shapes[$0] } ?? [] }

  /// The only reader of what node `index` makes.
  func follower(_ index: Int) -> Int? {
    let output = graph.nodes[index].outputs[0]
    guard let readers = consumers[output], readers.count == 1, !graph.outputs.contains(output)
    else { return nil }
    return readers[0]
  }

  private mutating func resize(_ node: Node) throws(ModelError) -> Node {
    let (input, output) = (shape(node.input(0)), shape(node.outputs[0]))
    // A size, or a factor worked out of one.
    let isFixed = node.input(2).map { graph.constants[$0] != nil } ?? false
    guard input.count == 4, node.input(3) != nil || !isFixed else { return node }
    var result = node
    let scales = zip(input, output).map { Float($1) / Float($0) }
    result.inputs = [node.inputs[0], "", constant(Constant(scales))]
    return result
  }

  /// A pool whose kernel is the whole picture.
  private func globalPool(_ node: Node) -> Node? {
    let (input, output) = (shape(node.input(0)), shape(node.outputs[0]))
    guard input.count == 4, Array(output.dropFirst(2)) == [1, 1], input[2] * input[3] > 1,
      node.integers("kernel_shape") == Array(input[2...]),
      (node.integers("pads") ?? []).allSatisfy({ $0 == 0 }),
      (node.integers("dilations") ?? []).allSatisfy({ $0 == 1 }), node.outputs.count == 1
    else { return nil }
    return Node(
      node.op == "MaxPool" ? "GlobalMaxPool" : "GlobalAveragePool", name: node.name,
      inputs: node.inputs, outputs: node.outputs)
  }

  private func explicitPads(_ node: Node) throws(ModelError) -> Node {
    guard node.attributes["auto_pad"] != nil else { return node }
    var result = node
    let slidings = try shapes.sliding(node)
    result.attributes["auto_pad"] = nil
    result.attributes["pads"] = .integers(
      slidings.map(\.padBefore) + slidings.map(\.padAfter))
    if node.op == "ConvTranspose" {
      result.attributes["output_padding"] = .integers(slidings.map(\.outputPadding))
    }
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
      let total =
        (input[axis + 2] - 1) * sliding.stride + sliding.extent + sliding.outputPadding - size[axis]
      more[axis] = sliding.outputPadding + max(0, -total)
      // The odd pixel is cut off in front, or at the end for SAME_UPPER.
      let half = max(0, total) / 2
      let isUpper = node.text("auto_pad") == "SAME_UPPER"
      pads[axis] = isUpper ? half : max(0, total) - half
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
    guard axes == [0, 2, 3] || axes == [2, 3], node.integer("across_channels") ?? 0 == 0,
      node.integer("normalize_variance") ?? 1 == 1
    else { return node }
    return Node(
      "InstanceNormalization", name: node.name,
      inputs: [
        node.inputs[0], constant(Constant([Float](repeating: 1, count: channels))),
        constant(Constant([Float](repeating: 0, count: channels))),
      ], outputs: node.outputs, attributes: ["epsilon": .float(1e-9)])
  }
}
