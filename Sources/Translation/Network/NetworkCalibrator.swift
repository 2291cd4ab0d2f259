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
    let inputs = samples.indices.map { WindowInput(samples[$0], plan.windows[$0], codec) }
    let window = plan.windows[0].region
    let shape = [1, codec.input.channels, window.height, window.width]
    let shapes = try shapes(of: shape)
    let options = options(isSingle: plan.isWhole, shapes)
    let known = earlier.withLock { $0?.shape == shape ? $0?.models : nil }
    let models = known == nil ? compile(shapes, options) : nil
    defer { models?.stop() }
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
      guard let model = try known?[index] ?? models?.take(index) else { break }
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

  private func options(isSingle: Bool, _ shapes: ShapeInference) -> InferenceOptions {
    // Convolutions give the same bits on any number of threads, so a single window may use all;
    // several windows are faster side by side.
    InferenceOptions(
      precision: .f32, threads: pool.count,
      streams: isSingle ? 1 : pool.count)
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

/// A window, and what of it is measured.
private struct WindowInput: Sendable {
  let region: PixelRegion
  /// Rows and columns of the core within the window.
  let core: [Range<Int>]
  private let sample: PixelSample
  private let codec: WindowCodec

  init(_ sample: PixelSample, _ window: SamplePlan.Window, _ codec: WindowCodec) {
    self.sample = sample
    self.codec = codec
    region = window.region
    let (x, y) = (region.x, region.y)
    core = [
      (window.core.y - y)..<(window.core.y + window.core.height - y),
      (window.core.x - x)..<(window.core.x + window.core.width - x),
    ]
  }

  /// Writes the window as the network takes it; what lies beyond the image is its mirror image.
  func encode(into values: inout MutableSpan<Float>) throws(PairError) {
    guard sample.pixels.region != region else {
      return try codec.encode(sample.pixels, into: &values)
    }
    var padded = Tile(
      region: region, channels: sample.pixels.channels, format: sample.pixels.format)
    padded.fillMirrored(from: sample.pixels)
    try codec.encode(padded, into: &values)
  }

  /// The window as the network takes it.
  func encoded() throws(PairError) -> [Float] {
    var values = [Float](repeating: 0, count: codec.input.channels * region.area)
    var span = values.mutableSpan
    try encode(into: &span)
    return values
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
      result[statistic.output] = try measurePicture(input)
    }
    do throws(InferenceError) {
      try model.run { index, values in
        let name = stage.graph.inputs[index].name
        do throws(PairError) {
          if let known = parameters[name]?.floats ?? fields[window][name] {
            values.replace(known)
          } else if name == picture {
            try input.encode(into: &values)
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

  private func measurePicture(_ input: WindowInput) throws(PairError) -> Moments {
    let values = try input.encoded()
    return measure(values.span, of: picture, input)
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
