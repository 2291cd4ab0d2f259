/// Groups of operations that stand for one, found by the sizes that they pass through.
extension Generalization {
  /// The same elements under other sizes, in another order, and under other sizes again.
  private struct Rearrangement {
    var from: [Int]
    var split: [Int]
    var order: [Int]
    var to: [Int]
    /// Outputs of the last node.
    var outputs: [String]
    var swallowed: Set<Int>
  }

  private static let reshaping: Set<String> = ["Reshape", "Unsqueeze", "Squeeze", "Flatten"]

  private func rearrangement(_ index: Int) -> Rearrangement? {
    var swallowed: Set<Int> = []
    var place = index
    /// Walks over reshapes until one makes a picture, or another operation comes.
    func skip() -> Bool {
      while Self.reshaping.contains(graph.nodes[place].op) {
        swallowed.insert(place)
        let isPicture = shape(graph.nodes[place].outputs[0]).count == 4
        if isPicture, swallowed.count > 2,
          swallowed.contains(where: { graph.nodes[$0].op == "Transpose" })
        {
          return true
        }
        guard let next = follower(place), swallowed.count < 16 else { return false }
        place = next
      }
      return true
    }
    guard Self.reshaping.contains(graph.nodes[index].op), skip(),
      graph.nodes[place].op == "Transpose", let order = graph.nodes[place].integers("perm"),
      let next = follower(place)
    else { return nil }
    let split = shape(graph.nodes[place].input(0))
    swallowed.insert(place)
    place = next
    guard Self.reshaping.contains(graph.nodes[place].op), skip() else { return nil }
    let outputs = graph.nodes[place].outputs
    let (from, to) = (shape(graph.nodes[index].input(0)), shape(outputs[0]))
    guard from.count == 4, to.count == 4 else { return nil }
    return Rearrangement(
      from: from, split: split, order: order, to: to, outputs: outputs, swallowed: swallowed)
  }

  /// Pixels spread from channels, or gathered into them.
  mutating func pixelShuffle(_ index: Int) -> ([Node], Set<Int>)? {
    guard let found = rearrangement(index), found.split.count == 6 else { return nil }
    let first = graph.nodes[index]
    let (from, split, to, order) = (found.from, found.split, found.to, found.order)
    let (result, swallowed) = (found.outputs, found.swallowed)
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
    guard block <= 16, channels <= 1 << 8, order == [0, 1, 3, 5, 2, 4], split[5] == block,
      split[2] * block == from[2],
      split[4] * block == from[3], to == [from[0], from[1] * block * block, split[2], split[4]]
    else { return nil }
    // One filter a place of the block and channel: ONNX's own operator orders them otherwise.
    let area = block * block
    let weight = (0..<(channels * area * area)).map { index -> Float in
      index / area % area == index % area ? 1 : 0
    }
    let name = constant(Constant(weight, shape: [channels * area, 1, block, block]))
    return (
      [
        Node(
          "Conv", name: first.name, inputs: [first.inputs[0], name], outputs: result,
          attributes: ["strides": .integers([block, block]), "group": .integer(channels)])
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

  /// Channels of groups dealt out in turn.
  mutating func channelShuffle(_ index: Int) -> ([Node], Set<Int>)? {
    guard let found = rearrangement(index), found.split.count == 5 else { return nil }
    let (from, split) = (found.from, found.split)
    guard split[0] == from[0], split[1] * split[2] == from[1], from[1] <= 1 << 9,
      Array(split[3...]) == Array(from[2...]), found.order == [0, 2, 1, 3, 4], found.to == from
    else { return nil }
    let places = (0..<from[1]).map { $0 % split[1] * split[2] + $0 / split[1] }
    let node = choice(
      places, of: from[1], graph.nodes[index], outputs: found.outputs)
    return ([node], found.swallowed)
  }

  /// Channels picked from a picture, as a convolution: OpenVINO 2026.4 merges a `Gather` into the
  /// convolution behind it with the order inverted.
  mutating func gather(_ node: Node) -> Node {
    let from = shape(node.input(0))
    guard from.count == 4, [1, -3].contains(node.integer("axis") ?? 0),
      let name = node.input(1), graph.constants[name]?.shape.count == 1,
      let places = graph.constants[name]?.integers, places.count * from[1] <= 1 << 18
    else { return node }
    return choice(
      places.map { $0 < 0 ? $0 &+ from[1] : $0 }, of: from[1], node, outputs: node.outputs)
  }

  private mutating func choice(
    _ places: [Int], of channels: Int, _ node: Node, outputs: [String]
  ) -> Node {
    let weight = places.flatMap { place in (0..<channels).map { $0 == place ? Float(1) : 0 } }
    let name = constant(Constant(weight, shape: [places.count, channels, 1, 1]))
    return Node("Conv", name: node.name, inputs: [node.inputs[0], name], outputs: outputs)
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
