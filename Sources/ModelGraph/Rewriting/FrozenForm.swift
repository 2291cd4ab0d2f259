/// A network whose norms and pools take what they would measure as an input, so that every pixel
/// depends on its surroundings only.
///
/// A norm becomes y = x scale + shift a channel; a global pool becomes its value. Over a lattice of
/// cells, a norm interpolates moments between cells instead.
public struct FrozenForm: Sendable {
  /// The network: its own inputs, and behind them those of the statistics.
  public let graph: Graph
  /// Cells across and down; nil where statistics are the same everywhere.
  public let lattice: [Int]?
  /// The inputs that interpolate, for every kind of picture that a norm works on.
  public private(set) var fields: [FieldAxes] = []
  /// What used to be measured, in the order in which it is needed.
  public let statistics: [Statistic]
  let analysis: SpatialAnalysis
  private let norms: [String: Norm]

  /// Scale, shift and epsilon of a norm layer.
  struct Norm: Sendable {
    var gamma: [Float]
    var beta: [Float]
    var epsilon: Double
  }

  /// Rewrites `original` as `analysis` found it; throws where a norm computes its own scale.
  public init(
    _ original: Graph, analysis: SpatialAnalysis, lattice: [Int]? = nil
  ) throws(ModelError) {
    var graph = original
    let byOutput = Dictionary(analysis.statistics.map { ($0.output, $0) }) { first, _ in first }
    var norms: [String: Norm] = [:]
    graph.nodes = []
    for node in original.nodes {
      guard let output = node.outputs.first, let statistic = byOutput[output] else {
        graph.nodes.append(node)
        continue
      }
      guard statistic.isNorm else {
        let shape = analysis.shapes.shapes[output] ?? []
        graph.inputs.append(GraphInput(output, shape: shape))
        continue
      }
      guard let gamma = node.input(1).flatMap({ original.constants[$0]?.floats }),
        let beta = node.input(2).flatMap({ original.constants[$0]?.floats }),
        gamma.count == beta.count,
        gamma.count == analysis.shapes.shapes[node.inputs[0]]?.dropFirst().first
      else {
        throw ModelError(
          SpatialAnalysis.action, "\(node.title) computes its scale and shift as it runs")
      }
      norms[output] = Norm(
        gamma: gamma, beta: beta, epsilon: Double(node.float("epsilon") ?? 1e-5))
      if let lattice, let value = analysis.values[statistic.input] {
        let axes = FieldAxes(
          value, extra: Self.extra(of: statistic.input, value, original, analysis))
        if !fields.contains(axes) {
          fields.append(axes)
          let shared = axes.nodes(lattice: lattice)
          graph.nodes += shared.nodes
          graph.constants.merge(shared.constants) { $1 }
        }
        let field = NormField(statistic, axes, lattice: lattice)
        graph.inputs += field.inputs(channels: gamma.count)
        graph.constants.merge(field.constants(norm: norms[output])) { $1 }
        graph.nodes += field.nodes(of: node.inputs[0], output: output)
        continue
      }
      let names = statistic.parameters(hasField: false)
      for name in names { graph.inputs.append(GraphInput(name, shape: [1, gamma.count, 1, 1])) }
      graph.nodes += Self.affine(
        of: node.inputs[0], output: output, name: node.name, scale: names[0], shift: names[1])
    }
    for axes in fields { graph.inputs += axes.inputs }
    self.graph = graph
    self.lattice = lattice
    self.norms = norms
    self.analysis = analysis
    statistics = analysis.statistics
  }

  /// Rows and columns of a picture beyond those of the image at its scale.
  private static func extra(
    of name: String, _ value: SpatialValue, _ graph: Graph, _ analysis: SpatialAnalysis
  ) -> [Int] {
    let shapes = analysis.shapes.shapes
    guard let own = shapes[name], own.count == 4,
      let image = graph.inputs.first(where: { analysis.values[$0.name] == .image }),
      let size = shapes[image.name], size.count == 4
    else { return [0, 0] }
    return [2, 3].map { own[$0] - value.scale.scale(size[$0]) }
  }

  static func affine(
    of input: String, output: String, name: String, scale: String, shift: String
  ) -> [Node] {
    [
      Node("Mul", name: name, inputs: [input, scale], outputs: ["\(output):scaled"]),
      Node("Add", name: name, inputs: ["\(output):scaled", shift], outputs: [output]),
    ]
  }

  /// Names of the inputs that take the place of a statistic.
  public func parameters(of statistic: Statistic) -> [String] {
    statistic.parameters(hasField: lattice != nil)
  }

  /// What the inputs of a statistic are, by name: `moments` of all windows together, `cells` those
  /// of the cells row by row, where there is a lattice.
  public func values(
    of statistic: Statistic, _ moments: Moments, cells: [Moments] = []
  ) -> [String: Constant] {
    let names = parameters(of: statistic)
    if let lattice, statistic.isNorm {
      return NormField.values(names, statistic.kind, moments, cells: cells, lattice: lattice)
    }
    switch statistic.kind {
    case .channelMoments, .groupMoments:
      guard let norm = norms[statistic.output] else { return [:] }
      let (scale, shift) = norm.affine(statistic.kind, moments)
      return [
        names[0]: Constant(scale, shape: [1, scale.count, 1, 1]),
        names[1]: Constant(shift, shape: [1, shift.count, 1, 1]),
      ]
    case .mean: return [names[0]: pool(moments.mean.map { Float($0) }, of: statistic)]
    case .maximum: return [names[0]: pool(moments.maximum, of: statistic)]
    }
  }

  /// A value a channel in the shape of the pool's output; one value where channels are pooled too.
  private func pool(_ values: [Float], of statistic: Statistic) -> Constant {
    let shape = analysis.shapes.shapes[statistic.output] ?? [values.count]
    let count = shape.reduce(1, *)
    guard count != values.count else { return Constant(values, shape: shape) }
    let isMean = statistic.kind == .mean
    let pooled =
      isMean
      ? values.reduce(0, +) / Float(max(values.count, 1)) : values.reduce(-.infinity, max)
    return Constant([Float](repeating: pooled, count: count), shape: shape)
  }

  /// The network with all statistics known, norms folded into the convolutions before them.
  public func frozen(
    _ moments: [String: Moments], cells: [String: [Moments]] = [:]
  ) -> Graph {
    var result = graph
    for statistic in statistics {
      guard let measured = moments[statistic.output] else { continue }
      result.constants.merge(
        values(of: statistic, measured, cells: cells[statistic.output] ?? [])
      ) { $1 }
    }
    result.inputs.removeAll { result.constants[$0.name] != nil }
    return result.folded()
  }
}

extension FrozenForm.Norm {
  /// Scale and shift a channel under these moments.
  func affine(
    _ kind: Statistic.Kind, _ moments: Moments
  ) -> (scale: [Float], shift: [Float]) {
    var moments = moments
    if case .groupMoments(let groups) = kind { moments = moments.pooled(groups: groups) }
    let variance = moments.variance
    let factors = gamma.indices.map {
      Double(gamma[$0]) / (variance[$0] + epsilon).squareRoot()
    }
    return (
      factors.map { Float($0) },
      gamma.indices.map { Float(Double(beta[$0]) - moments.mean[$0] * factors[$0]) }
    )
  }
}

extension Statistic {
  /// Whether it is a norm layer, not a pool.
  public var isNorm: Bool {
    switch kind {
    case .channelMoments, .groupMoments: true
    case .mean, .maximum: false
    }
  }

  func parameters(hasField: Bool) -> [String] {
    guard isNorm else { return [output] }
    return (hasField ? NormField.parts : ["scale", "shift"]).map { "\(output):\($0)" }
  }
}
