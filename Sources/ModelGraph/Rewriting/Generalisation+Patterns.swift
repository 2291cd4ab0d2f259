/// Groups of operations that stand for one, found by the sizes that they pass through.
extension Generalisation {
  /// Reshape, transpose, reshape: pixels spread from channels, or gathered into them.
  mutating func pixelShuffle(_ index: Int) -> ([Node], Set<Int>)? {
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
    // A place gathers no more than that many channels.
    let (block, channels) = (split[3], from[1])
    guard block <= 64, channels <= 1 << 12, order == [0, 1, 3, 5, 2, 4], split[5] == block,
      split[2] * block == from[2],
      split[4] * block == from[3], to == [from[0], from[1] * block * block, split[2], split[4]]
    else { return nil }
    // ONNX gathers with the place in front of the channel; here the channel comes first.
    let places = (0..<(channels * block * block)).map { index in
      index % (block * block) * channels + index / (block * block)
    }
    let gathered = value()
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
  mutating func groupNorm(_ index: Int) -> ([Node], Set<Int>)? {
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

  /// Reshape, transpose, reshape: channels of groups dealt out in turn.
  mutating func channelShuffle(_ index: Int) -> ([Node], Set<Int>)? {
    let first = graph.nodes[index]
    guard first.op == "Reshape", let middle = follower(index), let last = follower(middle),
      graph.nodes[middle].op == "Transpose", graph.nodes[last].op == "Reshape"
    else { return nil }
    let (from, split) = (shape(first.input(0)), shape(first.outputs[0]))
    guard from.count == 4, split.count == 5, split[0] == from[0],
      split[1] * split[2] == from[1], from[1] <= 1 << 16, Array(split[3...]) == Array(from[2...]),
      graph.nodes[middle].integers("perm") == [0, 2, 1, 3, 4],
      shape(graph.nodes[last].outputs[0]) == from
    else { return nil }
    let places = (0..<from[1]).map { $0 % split[1] * split[2] + $0 / split[1] }
    let node = Node(
      "Gather", name: first.name, inputs: [first.inputs[0], constant(Constant(integers: places))],
      outputs: graph.nodes[last].outputs, attributes: ["axis": .integer(1)])
    return ([node], [index, middle, last])
  }

  /// One scale a group, as opset 18 has it, becomes one a channel.
  mutating func groupNorm(_ node: Node) -> Node {
    let channels = shape(node.input(0)).dropFirst().first ?? 1
    let groups = node.integer("num_groups") ?? channels
    guard groups >= 1, groups < channels else { return node }
    var result = node
    for place in [1, 2] {
      guard let values = node.input(place).flatMap({ graph.constants[$0]?.floats }),
        values.count == groups
      else { continue }
      let spread = values.flatMap { [Float](repeating: $0, count: channels / groups) }
      result.inputs[place] = constant(Constant(spread))
    }
    return result
  }

  /// A reshape that leaves rows and columns alone says so instead of holding their numbers.
  mutating func reshape(_ node: Node) -> Node {
    let (from, to) = (shape(node.input(0)), shape(node.outputs[0]))
    guard from.count == 4, to.count == 4, from[2...] == to[2...],
      node.input(1).map({ graph.constants[$0] != nil }) ?? false
    else { return node }
    var result = node
    result.inputs[1] = constant(
      Constant(integers: [from[0] == to[0] ? 0 : to[0], from[1] == to[1] ? 0 : to[1], 0, 0]))
    result.attributes["allowzero"] = nil
    return result
  }
}
