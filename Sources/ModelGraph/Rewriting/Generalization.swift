/// Replaces operations that hold the size of one picture.
struct Generalization {
  var graph: Graph
  let shapes: ShapeInference
  /// Whether the network takes any size as it is: then its numbers mean what they say.
  let isOpen: Bool
  /// Numbers that are taken for the other of the two things that they may mean.
  let swapped: Set<SizeReading>
  /// Numbers that may mean two things.
  var readings: [SizeReading] = []
  private let consumers: [String: [Int]]
  private let names: Set<String>
  private var fresh = 0

  init(
    _ graph: Graph, shapes: ShapeInference, isOpen: Bool, swapping swapped: Set<SizeReading> = []
  ) {
    self.graph = graph
    self.shapes = shapes
    self.isOpen = isOpen
    self.swapped = swapped
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
      case "Resize": nodes.append(resize(node, index))
      case "ConvTranspose": nodes.append(try transposedConvolution(node, index))
      case "MaxPool", "AveragePool":
        if let pool = globalPool(node, index) { nodes.append(pool) } else { fallthrough }
      case "Conv", "LpPool": nodes.append(try explicitPads(node))
      case "Gather": nodes.append(gather(node))
      case "Reshape": nodes.append(reshape(node))
      case "GroupNormalization": nodes.append(groupNorm(node))
      case "Slice": nodes.append(slice(node, index))
      case "MeanVarianceNormalization": nodes.append(instanceNorm(node))
      default: nodes.append(node)
      }
    }
    // A swallowed node may have stood in front of one that its replacement reads.
    graph.nodes = nodes
  }

  /// Makes constants of values that are known without an image, and so the same at the `other` sizes.
  mutating func foldKnownValues(_ others: [ShapeInference]) {
    var measured: Set<String> = []
    for node in graph.nodes {
      if node.op == "Shape" || node.op == "Size" || !measured.isDisjoint(with: node.inputs) {
        measured.formUnion(node.outputs)
      }
      guard node.outputs.count == 1, let output = node.outputs.first,
        !graph.outputs.contains(output), let value = shapes.known[output],
        let constant = value.constant(shape: shape(output)),
        !measured.contains(output)
          || !others.isEmpty && others.allSatisfy({ $0.known[output] == value })
      else { continue }
      graph.constants[output] = constant
    }
  }

  private static let prefix = "any-size:"

  /// Whether a value was added here.
  func isMade(_ name: String) -> Bool { name.hasPrefix(Self.prefix) && !names.contains(name) }

  /// A value under a name that nothing has.
  mutating func value() -> String {
    repeat { fresh += 1 } while names.contains("\(Self.prefix)\(fresh)")
    return "\(Self.prefix)\(fresh)"
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

  func explicitPads(_ node: Node) throws(ModelError) -> Node {
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
