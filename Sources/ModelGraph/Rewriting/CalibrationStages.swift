/// Cuts a frozen form where the whole picture used to be looked at, so that each statistic can be
/// measured over many windows before anything behind it runs.
///
/// Stage `k` computes what the `k`-th round of measurements looks at, from the image, from values
/// that earlier stages left and from the statistics known by then.
public struct CalibrationStages: Sendable {
  /// One stage.
  public struct Stage: Sendable, Hashable {
    /// The network of this stage; its outputs are `kept`.
    public let graph: Graph
    /// What is measured after it.
    public let measured: [Statistic]
    /// Values that it leaves, for later stages or to be measured.
    public let kept: [String]
    /// Values that no later stage reads.
    public let released: [String]
  }

  /// The stages in their order; what follows the last measurement is not among them.
  public let stages: [Stage]

  /// Cuts `form`.
  public init(_ form: FrozenForm) {
    let graph = form.graph
    var stageOf: [String: Int] = [:]
    var owner: [String: Statistic] = [:]
    for statistic in form.statistics {
      for name in form.parameters(of: statistic) { owner[name] = statistic }
    }
    let image = Set(graph.inputs.map(\.name)).subtracting(owner.keys)
    let nodeStages = graph.nodes.map { node -> Int in
      let stage = node.inputs.reduce(0) { latest, input in
        // What a statistic tells is known one stage after what it looks at.
        let known = owner[input].map { (stageOf[$0.input] ?? 0) + 1 } ?? stageOf[input] ?? 0
        return max(latest, known)
      }
      for output in node.outputs { stageOf[output] = stage }
      return stage
    }
    let count = (form.statistics.map { (stageOf[$0.input] ?? 0) + 1 }.max() ?? 0)
    // Neither pictures nor statistics: what interpolates between cells.
    let free = image.filter { form.analysis.values[$0] == nil }
    let sizes = Self.sizes(graph, free: free)
    let parts = (0..<count).map { stage in
      Self.nodes(graph, sizes, graph.nodes.indices.filter { nodeStages[$0] == stage })
    }
    var lastRead: [String: Int] = [:]
    for (stage, part) in parts.enumerated() {
      for node in part { for input in node.inputs { lastRead[input] = stage } }
    }
    stages = (0..<count).map { stage in
      let measured = form.statistics.filter { (stageOf[$0.input] ?? 0) == stage }
      let made = parts[stage].flatMap(\.outputs).filter { !$0.isEmpty && sizes[$0] == nil }
      let looked = Set(measured.map(\.input))
      let kept = made.filter { (lastRead[$0] ?? 0) > stage || looked.contains($0) }
      let released = stageOf.keys.filter { name in
        // Measured and never read again, or read for the last time here.
        max(lastRead[name] ?? 0, stageOf[name] ?? 0) == stage && sizes[name] == nil
      }
      return Stage(
        graph: Self.part(graph, parts[stage], stageOf, kept: kept, form), measured: measured,
        kept: kept, released: released.filter { !image.contains($0) }.sorted())
    }
  }

  /// Nodes by the values they make that are sizes and the like: no pictures, and made of none, so
  /// that every stage makes them for itself.
  private static func sizes(_ graph: Graph, free: Set<String>) -> [String: Int] {
    var sizes: [String: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      let isSize =
        node.op == "Shape" || node.op == "Size"
        || node.inputs.allSatisfy {
          $0.isEmpty || graph.constants[$0] != nil || sizes[$0] != nil || free.contains($0)
        }
      guard isSize else { continue }
      for output in node.outputs { sizes[output] = index }
    }
    return sizes
  }

  /// These nodes in their order, with the sizes that they need.
  private static func nodes(_ graph: Graph, _ sizes: [String: Int], _ chosen: [Int]) -> [Node] {
    var wanted = Set(chosen.filter { sizes[graph.nodes[$0].outputs[0]] == nil })
    var open = Array(wanted)
    while let index = open.popLast() {
      for input in graph.nodes[index].inputs {
        if let maker = sizes[input], wanted.insert(maker).inserted { open.append(maker) }
      }
    }
    return wanted.sorted().map { graph.nodes[$0] }
  }

  private static func part(
    _ graph: Graph, _ nodes: [Node], _ stageOf: [String: Int], kept: [String], _ form: FrozenForm
  ) -> Graph {
    var part = graph
    part.outputs = kept
    part.nodes = nodes
    let made = Set(nodes.flatMap(\.outputs))
    let read = Set(nodes.flatMap(\.inputs)).subtracting(made)
    let known = Set(graph.inputs.map(\.name))
    for name in read.sorted() where stageOf[name] != nil && !known.contains(name) {
      let shape = form.analysis.shapes.shapes[name] ?? []
      part.inputs.append(
        GraphInput(name, shape: shape.enumerated().map { $0.offset < 2 ? $0.element : nil }))
    }
    part.removeUnused()
    // What only the network behind the last measurement needs is not made.
    let needed = Set(part.nodes.flatMap(\.inputs))
    part.inputs.removeAll { !needed.contains($0.name) }
    return part
  }
}
