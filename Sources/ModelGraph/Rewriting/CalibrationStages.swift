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
    // What depends on neither the picture nor a statistic is in no stage: each works it out anew.
    var dependent = Set(owner.keys).union(image.filter { form.analysis.values[$0] != nil })
    let nodeStages = graph.nodes.map { node -> Int in
      guard node.inputs.contains(where: dependent.contains) else { return -1 }
      dependent.formUnion(node.outputs)
      let stage = node.inputs.reduce(0) { latest, input in
        // What a statistic tells is known one stage after what it looks at.
        let known = owner[input].map { (stageOf[$0.input] ?? 0) + 1 } ?? stageOf[input] ?? 0
        return max(latest, known)
      }
      for output in node.outputs { stageOf[output] = stage }
      return stage
    }
    let count = (form.statistics.map { (stageOf[$0.input] ?? 0) + 1 }.max() ?? 0)
    var lastRead: [String: Int] = [:]
    for (node, stage) in zip(graph.nodes, nodeStages) where stage >= 0 && stage < count {
      for input in node.inputs { lastRead[input] = max(lastRead[input] ?? 0, stage) }
    }
    stages = (0..<count).map { stage in
      let measured = form.statistics.filter { (stageOf[$0.input] ?? 0) == stage }
      let made = graph.nodes.indices.filter { nodeStages[$0] == stage }
        .flatMap { graph.nodes[$0].outputs }
      let looked = Set(measured.map(\.input))
      let kept = made.filter { (lastRead[$0] ?? 0) > stage || looked.contains($0) }
      let released = stageOf.keys.filter { name in
        // Measured and never read again, or read for the last time here.
        max(lastRead[name] ?? 0, stageOf[name] ?? 0) == stage && (stageOf[name] ?? 0) <= stage
      }
      return Stage(
        graph: Self.part(graph, nodeStages, stage, stageOf, kept: kept, form),
        measured: measured, kept: kept, released: released.filter { !image.contains($0) }.sorted())
    }
  }

  private static func part(
    _ graph: Graph, _ nodeStages: [Int], _ stage: Int, _ stageOf: [String: Int], kept: [String],
    _ form: FrozenForm
  ) -> Graph {
    var part = graph
    part.outputs = kept
    part.nodes = graph.nodes.indices.filter { [stage, -1].contains(nodeStages[$0]) }
      .map { graph.nodes[$0] }
    let made = Set(part.nodes.flatMap(\.outputs))
    let read = Set(part.nodes.flatMap(\.inputs)).subtracting(made)
    let known = Set(graph.inputs.map(\.name))
    for name in read.sorted() where stageOf[name] != nil && !known.contains(name) {
      let shape = form.analysis.shapes.shapes[name] ?? []
      part.inputs.append(
        GraphInput(name, shape: shape.enumerated().map { $0.offset < 2 ? $0.element : nil }))
    }
    part.removeUnused()
    let used = Set(part.nodes.flatMap(\.inputs))
    part.inputs.removeAll { !used.contains($0.name) }
    return part
  }
}
