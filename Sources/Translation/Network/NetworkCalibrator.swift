import Base
import Foundation
import Inference
import ModelGraph
import Synchronization
import TesseraPlugin

/// Measures what a network's norms and pools see on sample windows, one layer after the other:
/// each is measured over all windows and fixed before anything behind it runs.
///
/// In single precision, with sums in one order: the result depends on the image and the seed only.
final class NetworkCalibrator: Sendable {
  /// What is left of the last image.
  private struct Earlier {
    var shape: [Int]
    /// Its compiled stages; nil unless an image before it had the same size.
    var models: [CompiledModel]?
  }

  /// Bytes that compiled stages may take which are kept for the next image.
  private static let keptBudget = 400e6

  private let form: FrozenForm
  private let analysis: SpatialAnalysis
  private let stages: [CalibrationStages.Stage]
  private let engine: InferenceEngine
  private let pool: WorkerPool
  private let modelHash: String
  /// Name of the input that is the image.
  private let picture: String
  private let earlier = Mutex<Earlier?>(nil)

  init(
    _ form: FrozenForm, analysis: SpatialAnalysis, modelHash: String, engine: InferenceEngine,
    pool: WorkerPool
  ) {
    self.form = form
    self.analysis = analysis
    self.modelHash = modelHash
    picture = form.graph.inputs[0].name
    stages = CalibrationStages(form).stages
    self.engine = engine
    self.pool = pool
  }

  /// Measures on `samples`, the pixels of the windows of `plan`.
  func measure(
    _ plan: SamplePlan, _ samples: [PixelSample], codec: WindowCodec, image: ImageDescription
  ) throws -> NetworkCalibration {
    let inputs = samples.indices.map { SampleInput(samples[$0], plan.windows[$0], codec) }
    let window = plan.windows[0].region
    let shape = [1, codec.input.channels, window.height, window.width]
    let shapes = try shapes(of: shape)
    // Convolutions give the same bits on any number of threads, so a single window may use all;
    // several windows are faster side by side.
    let options = InferenceOptions(
      precision: .f32, threads: pool.count, streams: plan.isWhole ? 1 : pool.count)
    let known = earlier.withLock { $0?.shape == shape ? $0?.models : nil }
    let models = known.map { StageModels($0) } ?? compile(shapes, options)
    defer { models.stop() }
    var kept: [CompiledModel]? = known == nil && isWorthKeeping(shape, shapes, options) ? [] : nil
    let store = try ActivationStore(windows: inputs.count)
    var windows: [String: [Moments]] = [:]
    var parameters: [String: Constant] = [:]
    let field = form.lattice.map {
      LocalField(axes: form.fields, lattice: $0, imageSize: [image.width, image.height])
    }
    let fields = plan.windows.map { window in
      Dictionary(
        (field?.inputs(for: window.region) ?? []).map { ($0.name, $0.values) }
      ) { first, _ in first }
    }
    for (index, stage) in stages.enumerated() {
      let model = try models.take(index)
      kept?.append(model)
      for name in stage.kept {
        store.reserve(name, count: (shapes.shapes[name] ?? []).reduce(1, *))
      }
      let run = StageRun(
        stage: stage, model: model, store: store, parameters: parameters, picture: picture,
        fields: fields, analysis: analysis, shapes: shapes, isWhole: plan.isWhole)
      let measured = Mutex([[String: Moments]](repeating: [:], count: inputs.count))
      try pool.run(inputs.count, throwing: PairError.self) { index throws(PairError) in
        let moments = try run.run(inputs[index], window: index)
        measured.withLock { $0[index] = moments }
      }
      let found = measured.withLock { $0 }
      for statistic in stage.measured {
        let moments = found.compactMap { $0[statistic.output] }
        windows[statistic.output] = moments
        var all = Moments(channels: moments.first?.mean.count ?? 0)
        for window in moments { all.merge(window) }
        guard (all.mean + all.squares).allSatisfy(\.isFinite) else {
          throw PairError("measuring \(statistic.title): \(WindowCodec.spoiled.message)")
        }
        let cells = form.lattice.map {
          LocalField.cells(moments, at: plan.windows.map(\.cell), lattice: $0)
        }
        parameters.merge(form.values(of: statistic, all, cells: cells ?? [])) { $1 }
      }
      for name in stage.released { store.release(name) }
    }
    let stored = known ?? kept
    earlier.withLock { $0 = Earlier(shape: shape, models: stored) }
    return NetworkCalibration(
      model: modelHash, imageSize: [image.width, image.height], lattice: plan.lattice,
      cells: plan.windows.map(\.cell), windows: windows)
  }

  /// The sizes of all values for windows of this shape.
  private func shapes(of shape: [Int]) throws(ModelError) -> ShapeInference {
    var inputShapes: [String: [Int]] = [:]
    for input in form.graph.inputs { inputShapes[input.name] = input.shape.map { $0 ?? 1 } }
    inputShapes[picture] = shape
    for axes in form.fields {
      for (name, size) in zip(axes.names, axes.shapes(width: shape[3], height: shape[2])) {
        inputShapes[name] = size
      }
    }
    return try ShapeInference(form.graph, inputShapes: inputShapes)
  }

  private func compile(_ shapes: ShapeInference, _ options: InferenceOptions) -> StageModels {
    let (stages, engine) = (stages, engine)
    return StageModels(count: stages.count, ahead: min(2, pool.count)) { index in
      var options = options
      options.inputShapes = stages[index].graph.inputs.map { shapes.shapes[$0.name] ?? [] }
      return try engine.compile(
        onnx: try stages[index].graph.windowForm().onnx(), options: options)
    }
  }

  /// Whether the compiled stages are kept for the next image: where the last one had the same size,
  /// and they are small.
  private func isWorthKeeping(
    _ shape: [Int], _ shapes: ShapeInference, _ options: InferenceOptions
  ) -> Bool {
    guard earlier.withLock({ $0?.shape == shape }) else { return false }
    let bytes = stages.reduce(0.0) { sum, stage in
      let values = stage.graph.inputs.map(\.name) + stage.graph.nodes.flatMap(\.outputs)
      let elements = values.reduce(0) { $0 + (shapes.shapes[$1] ?? []).reduce(1, *) }
      // The runtime keeps weights twice, as they are and in the order it multiplies them in.
      let weights = stage.graph.constants.values.reduce(0) { $0 + 2 * $1.bytes.count }
      return sum + Double(options.streams * elements * 4 + weights)
    }
    return bytes <= Self.keptBudget
  }
}
