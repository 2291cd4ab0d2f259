import Foundation
import Inference
import ModelGraph
import Synchronization
import TesseraPlugin
import TileIO

/// Measures what a network's norms and pools see on sample windows, one layer after the other:
/// each is measured over all windows and fixed before anything behind it runs.
///
/// In single precision, with sums in one order: the result depends on the image and the seed only.
final class NetworkCalibrator: Sendable {
  private struct Compiled {
    var shape: [Int]
    var models: [CompiledModel]
    var shapes: ShapeInference
  }

  private let form: FrozenForm
  private let analysis: SpatialAnalysis
  private let stages: [CalibrationStages.Stage]
  private let engine: InferenceEngine
  private let pool: WorkerPool
  private let modelHash: String
  /// Name of the input that is the image.
  private let picture: String
  private let compiled = Mutex<Compiled?>(nil)

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
    let inputs = try samples.indices.map { try WindowInput(samples[$0], plan.windows[$0], codec) }
    let shape = [1, codec.input.channels, inputs[0].height, inputs[0].width]
    let (models, shapes) = try prepare(shape, isSingle: plan.isWhole)
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
    for (stage, model) in zip(stages, models) {
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
        let cells = form.lattice.map {
          LocalField.cells(moments, at: plan.windows.map(\.cell), lattice: $0)
        }
        parameters.merge(form.values(of: statistic, all, cells: cells ?? [])) { $1 }
      }
      for name in stage.released { store.release(name) }
    }
    return NetworkCalibration(
      model: modelHash, imageSize: [image.width, image.height], lattice: plan.lattice,
      cells: plan.windows.map(\.cell), windows: windows)
  }

  /// The stages compiled for windows of this shape; images of one size share them.
  private func prepare(
    _ shape: [Int], isSingle: Bool
  ) throws -> ([CompiledModel], ShapeInference) {
    if let found = compiled.withLock({ $0 }), found.shape == shape {
      return (found.models, found.shapes)
    }
    var inputShapes: [String: [Int]] = [:]
    for input in form.graph.inputs { inputShapes[input.name] = input.shape.map { $0 ?? 1 } }
    inputShapes[picture] = shape
    for axes in form.fields {
      for (name, size) in zip(axes.names, axes.shapes(width: shape[3], height: shape[2])) {
        inputShapes[name] = size
      }
    }
    let shapes = try ShapeInference(form.graph, inputShapes: inputShapes)
    // Convolutions give the same bits on any number of threads, so a single window may use all;
    // several windows are faster side by side.
    let streams = isSingle ? 1 : pool.count
    let models = try stages.map { stage in
      let sizes = stage.graph.inputs.map { shapes.shapes[$0.name] ?? [] }
      return try engine.compile(
        onnx: try stage.graph.subpixelForm().onnx(),
        options: InferenceOptions(
          precision: .f32, threads: pool.count, streams: streams, inputShapes: sizes))
    }
    compiled.withLock { $0 = Compiled(shape: shape, models: models, shapes: shapes) }
    return (models, shapes)
  }
}

/// A window as the network takes it, and what of it is measured.
private struct WindowInput: Sendable {
  let values: [Float]
  let width: Int
  let height: Int
  /// Rows and columns of the core within the window.
  let core: [Range<Int>]

  init(_ sample: PixelSample, _ window: SamplePlan.Window, _ codec: WindowCodec) throws {
    width = window.region.width
    height = window.region.height
    var padded = Tile(
      region: window.region, channels: sample.pixels.channels, format: sample.pixels.format)
    padded.fillMirrored(from: sample.pixels)
    var values = [Float](
      repeating: 0, count: codec.input.channels * window.region.area)
    var span = values.mutableSpan
    try codec.encode(padded, into: &span)
    self.values = values
    let (x, y) = (window.region.x, window.region.y)
    core = [
      (window.core.y - y)..<(window.core.y + window.core.height - y),
      (window.core.x - x)..<(window.core.x + window.core.width - x),
    ]
  }
}

/// One stage on one window at a time.
private struct StageRun: Sendable {
  let stage: CalibrationStages.Stage
  let model: CompiledModel
  let store: ActivationStore
  let parameters: [String: Constant]
  let picture: String
  /// What interpolates statistics in each window, by the input's name.
  let fields: [[String: [Float]]]
  let analysis: SpatialAnalysis
  let shapes: ShapeInference
  let isWhole: Bool

  func run(_ input: WindowInput, window: Int) throws(PairError) -> [String: Moments] {
    var failure: PairError?
    var result: [String: Moments] = [:]
    for statistic in stage.measured where !stage.kept.contains(statistic.input) {
      // The image itself.
      result[statistic.output] = measure(input.values.span, of: statistic.input, input)
    }
    do throws(InferenceError) {
      try model.run { index, values in
        let name = stage.graph.inputs[index].name
        do throws(PairError) {
          if let known = parameters[name]?.floats ?? fields[window][name] {
            values.replace(known)
          } else if name == picture {
            values.replace(input.values)
          } else {
            try store.read(name, window: window, into: &values)
          }
        } catch { failure = failure ?? error }
      } read: { index, values in
        let name = stage.kept[index]
        do throws(PairError) {
          try store.write(name, window: window, values)
        } catch { failure = failure ?? error }
        for statistic in stage.measured where statistic.input == name {
          result[statistic.output] = measure(values, of: name, input)
        }
      }
    } catch {
      throw PairError("calibrating: \(error.description)")
    }
    if let failure { throw failure }
    return result
  }

  private func measure(_ values: Span<Float>, of name: String, _ input: WindowInput) -> Moments {
    let shape = shapes.shapes[name] ?? [1, 1, 1, 1]
    guard shape.count == 4, let place = analysis.values[name] else {
      return Moments(channels: shape.count > 1 ? shape[1] : 1)
    }
    let rows = isWhole ? 0..<shape[2] : place.indices(0, within: input.core[0], count: shape[2])
    let columns = isWhole ? 0..<shape[3] : place.indices(1, within: input.core[1], count: shape[3])
    return Moments.measure(
      values, channels: shape[1], height: shape[2], width: shape[3], rows: rows, columns: columns)
  }
}

extension MutableSpan<Float> {
  /// Writes all values.
  mutating func replace(_ values: [Float]) {
    withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: values) }
  }
}
