import Testing

@testable import ModelGraph

/// A graph made ready for any size, and what is known of it.
struct AnalysedGraph {
  let graph: Graph
  let shapes: ShapeInference
  let analysis: SpatialAnalysis
  let footprint: NetworkFootprint

  /// Analyses `graph` at pictures of `side` px.
  init(_ original: Graph, side: Int = 64) throws {
    let inputs = original.inputs.map { input in
      (input.name, input.shape.enumerated().map { $1 ?? ($0 < 2 ? 1 : side) })
    }
    let sizes = Dictionary(inputs) { first, _ in first }
    graph = try original.generalized(inputShapes: sizes)
    shapes = try ShapeInference(graph, inputShapes: sizes)
    analysis = try SpatialAnalysis(graph, shapes: shapes)
    footprint = try NetworkFootprint(graph, analysis: analysis)
  }

  /// Channels of the picture that goes in.
  var channels: Int { graph.inputs[0].shape[1] ?? 1 }

  /// The network under moments of mean 0 and variance 1, or another maker of moments.
  func frozen(
    _ moments: (Statistic, Int) -> Moments = { _, channels in
      Moments(
        count: 1, mean: .init(repeating: 0, count: channels),
        squares: .init(repeating: 1, count: channels),
        maximum: .init(repeating: 1, count: channels))
    }
  ) throws -> Graph {
    let form = try FrozenForm(graph, analysis: analysis)
    var all: [String: Moments] = [:]
    for statistic in form.statistics {
      all[statistic.output] = moments(statistic, shapes.shapes[statistic.input]?[1] ?? 1)
    }
    return form.frozen(all)
  }
}
