/// Cuts a graph at the operations that look at the whole picture, so that each of them can be
/// measured over many windows before anything behind it runs.
///
/// Stage `k` computes what the `k`-th round of measurements looks at, from the image and from values
/// that earlier stages left; with all statistics of earlier stages frozen by then.
public struct CalibrationStages: Sendable {
  /// One stage.
  public struct Stage: Sendable, Hashable {
    /// What is measured after it.
    public let measured: [Statistic]
    /// Values that it reads and earlier stages left.
    public let read: [String]
    /// Values that it leaves for later stages, those that are measured among them.
    public let kept: [String]
    /// Values that no later stage reads any more.
    public let released: [String]
  }

  /// The stages in their order; what follows the last measurement is not among them.
  public let stages: [Stage]
  private let graph: Graph
  private let statistics: [Statistic]
  private let shapes: ShapeInference
  private let stageOfNode: [Int]

  /// Cuts `graph` as `analysis` found it.
  public init(_ graph: Graph, analysis: SpatialAnalysis) {
    self.graph = graph
    statistics = analysis.statistics
    shapes = analysis.shapes
    let kinds = Set(statistics.map(\.output))
    var stageOfValue: [String: Int] = [:]
    var stageOfNode: [Int] = []
    for node in graph.nodes {
      let latest = node.inputs.reduce(0) { max($0, stageOfValue[$1] ?? 0) }
      let isMeasured = node.outputs.first.map(kinds.contains) ?? false
      stageOfNode.append(isMeasured ? latest + 1 : latest)
      for output in node.outputs { stageOfValue[output] = stageOfNode[stageOfNode.count - 1] }
    }
    self.stageOfNode = stageOfNode
    let count = statistics.map { stageOfValue[$0.output] ?? 1 }.max() ?? 0
    // Where each value is made and last needed, in stages.
    let inputs = Set(graph.inputs.map(\.name))
    var made: [String: Int] = [:]
    var lastRead: [String: Int] = [:]
    var reads = [Set<String>](repeating: [], count: count)
    for (node, stage) in zip(graph.nodes, stageOfNode) where stage < count {
      for output in node.outputs { made[output] = stage }
    }
    for (index, node) in graph.nodes.enumerated() where stageOfNode[index] < count {
      for input in node.inputs where made[input].map({ $0 < stageOfNode[index] }) ?? false {
        // A pool that has been measured is a constant, whatever it read.
        let isPool = kinds.contains(node.outputs[0]) && !node.op.hasSuffix("Normalization")
        guard !isPool else { continue }
        lastRead[input] = max(lastRead[input] ?? 0, stageOfNode[index])
        reads[stageOfNode[index]].insert(input)
      }
    }
    var stages: [Stage] = []
    for stage in 0..<count {
      let measured = analysis.statistics.filter { (stageOfValue[$0.output] ?? 1) == stage + 1 }
      let kept = made.filter { name, at in
        at == stage && (lastRead[name].map { $0 > stage } ?? false)
      }.keys
      let looked = measured.map(\.input).filter { !inputs.contains($0) && made[$0] == stage }
      let released = lastRead.filter { $0.value == stage }.keys
      stages.append(
        Stage(
          measured: measured, read: reads[stage].sorted(),
          kept: Set(kept).union(looked).sorted(), released: released.sorted()))
    }
    self.stages = stages
  }

  /// The graph of one stage, with `moments` of all earlier ones frozen.
  ///
  /// Inputs are those of the graph that the stage needs and `read`, in this order; outputs are
  /// `kept`.
  public func graph(of stage: Int, moments: [String: Moments]) -> Graph {
    cut(stage, frozen: graph.frozen(statistics, moments: moments, shapes: shapes.shapes))
  }

  /// The nodes of one stage of `whole`, this graph with all earlier statistics replaced.
  func cut(_ stage: Int, frozen whole: Graph) -> Graph {
    let plan = stages[stage]
    var part = whole
    let read = Set(plan.read)
    part.outputs = plan.kept
    part.nodes = whole.nodes.filter { node in !node.outputs.contains(where: read.contains) }
    part.inputs += plan.read.map { name in
      let channels = shapes.shapes[name]?.dropFirst().first
      return GraphInput(name, shape: [1, channels, nil, nil])
    }
    part.removeUnused()
    let used = Set(part.nodes.flatMap(\.inputs)).union(part.outputs)
    part.inputs = part.inputs.filter { used.contains($0.name) }
    return part
  }
}
