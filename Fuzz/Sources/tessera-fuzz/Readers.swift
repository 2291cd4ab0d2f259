import Foundation
import ModelGraph
import Networks

/// Readers by name, as their corpora are called; they throw whatever they refuse.
let readers: [String: @Sendable (Data) throws -> Void] = [
  "checkpoint": { try check(Checkpoint(data: $0, name: "input")) },
  "onnx": { try check(Graph(onnx: $0)) },
  "pickle": { try check(Checkpoint(data: PickleArchive.around($0), name: "input")) },
  "safetensors": { try check(SafetensorsFile(data: $0, name: "input")) },
]

private func check(_ checkpoint: Checkpoint) throws {
  for (_, tensor) in checkpoint.tensors {
    let isFinite = tensor.floats().allSatisfy(\.isFinite)
    // A double may be too large for a float.
    precondition(isFinite == tensor.isFinite || tensor.element == .f64 && tensor.isFinite)
  }
  if checkpoint["__metadata__"] == nil {
    try check(SafetensorsFile(tensors: checkpoint.tensors, metadata: checkpoint.metadata))
  }
}

/// What was read has to survive being written.
private func check(_ file: SafetensorsFile) throws {
  let copy = try SafetensorsFile(data: file.encoded(), name: "copy")
  precondition(copy == file)
}

/// A network goes through what a translation asks of it before it runs.
private func check(_ graph: Graph) throws {
  _ = try Graph(onnx: graph.onnx())
  guard let input = graph.inputs.first, input.shape.count == 4, graph.inputs.count == 1 else {
    return
  }
  let shapes = [input.name: [1, min(input.shape[1] ?? 3, 16), 64, 64]]
  let general = try graph.measuringBatchNorms().generalized(inputShapes: shapes)
  let inferred = try ShapeInference(general, inputShapes: shapes)
  let analysis = try SpatialAnalysis(general, shapes: inferred)
  _ = try NetworkFootprint(general, analysis: analysis)
  _ = general.folded()
  for lattice in [nil, [2, 3]] {
    let form = try FrozenForm(general, analysis: analysis, lattice: lattice)
    for stage in CalibrationStages(form).stages { _ = try stage.graph.onnx() }
    var moments: [String: Moments] = [:]
    for statistic in form.statistics {
      let channels = inferred.shapes[statistic.input]?.dropFirst().first ?? 1
      guard channels <= 1 << 12 else { return }
      moments[statistic.output] = Moments(
        count: 1, mean: .init(repeating: 0, count: channels),
        squares: .init(repeating: 1, count: channels),
        maximum: .init(repeating: 1, count: channels))
    }
    _ = form.frozen(moments, cells: moments.mapValues { .init(repeating: $0, count: 6) })
  }
}
