import Base
import Inference
import ModelGraph
import TesseraPlugin

/// One stage on one window at a time.
struct StageRun: Sendable {
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

  func run(_ input: SampleInput, window: Int) throws(PairError) -> [String: Moments] {
    var failure: PairError?
    var result: [String: Moments] = [:]
    for statistic in stage.measured where !stage.kept.contains(statistic.input) {
      // The image itself.
      result[statistic.output] = try measurePicture(input)
    }
    do throws(TesseraError) {
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
        guard failure == nil else { return }
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

  private func measurePicture(_ input: SampleInput) throws(PairError) -> Moments {
    let values = try input.encoded()
    return measure(values.span, of: picture, input)
  }

  private func measure(_ values: Span<Float>, of name: String, _ input: SampleInput) -> Moments {
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
