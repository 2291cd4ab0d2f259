import Foundation

@testable import ModelGraph

/// All that happens to a file on the way to being translated.
enum ReadingOfEverything {
  /// Reads, rewrites, analyzes and freezes; throws nothing but `ModelError`.
  static func check(_ data: Data, directory: URL? = nil) throws(ModelError) {
    let graph = try Graph(onnx: data, directory: directory)
    _ = try graph.onnx()
    _ = graph.firstNonFiniteConstant
    _ = graph.folded()
    var shapes: [String: [Int]] = [:]
    for input in graph.inputs {
      shapes[input.name] = input.shape.enumerated().map { $1 ?? ($0 < 2 ? 1 : 64) }
    }
    let general = try graph.measuringBatchNorms().generalized(inputShapes: shapes)
    _ = try general.onnx()
    let found = try ShapeInference(general, inputShapes: shapes)
    let analysis = try SpatialAnalysis(general, shapes: found)
    _ = try NetworkFootprint(general, analysis: analysis)
    for lattice in [nil, [3, 2]] {
      let form = try FrozenForm(general, analysis: analysis, lattice: lattice)
      for stage in CalibrationStages(form).stages { _ = try stage.graph.onnx() }
      var moments: [String: Moments] = [:]
      var cells: [String: [Moments]] = [:]
      for statistic in form.statistics {
        let count = found.shapes[statistic.input].map { $0.count > 1 ? $0[1] : 1 } ?? 1
        guard count <= 1 << 12 else { return }
        let one = Moments(
          count: 4, mean: .init(repeating: 1, count: count),
          squares: .init(repeating: 2, count: count), maximum: .init(repeating: 3, count: count))
        moments[statistic.output] = one
        cells[statistic.output] = .init(repeating: one, count: 6)
      }
      _ = try form.frozen(moments, cells: cells).onnx()
    }
  }
}
