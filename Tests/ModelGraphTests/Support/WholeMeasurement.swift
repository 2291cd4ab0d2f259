import Testing

@testable import ModelGraph

/// What the statistics of a network measure on one picture, taken whole.
struct WholeMeasurement {
  private(set) var moments: [String: Moments] = [:]

  /// Runs stage after stage, each with what those before it left.
  init(_ form: FrozenForm, _ picture: Tensor) throws {
    var values = [form.graph.inputs[0].name: picture]
    for stage in CalibrationStages(form).stages {
      if !stage.kept.isEmpty {
        let inputs = try stage.graph.inputs.map { try #require(values[$0.name], "\($0.name)") }
        let outputs = try GraphRunner.run(stage.graph, inputs)
        for (name, output) in zip(stage.kept, outputs) { values[name] = output }
      }
      for statistic in stage.measured {
        let found = Self.measure(try #require(values[statistic.input]))
        moments[statistic.output] = found
        for (name, constant) in form.values(of: statistic, found) {
          values[name] = Tensor(constant.shape, constant.floats)
        }
      }
      for name in stage.released { values[name] = nil }
    }
  }

  /// Moments of the channels of [1, C, H, W].
  static func measure(_ value: Tensor) -> Moments {
    let plane = value.shape[2] * value.shape[3]
    let channels = (0..<value.shape[1]).map { value.values[($0 * plane)..<(($0 + 1) * plane)] }
    let means = channels.map { $0.reduce(0.0) { $0 + Double($1) } / Double(plane) }
    let squares = zip(channels, means).map { values, mean in
      values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    }
    return Moments(
      count: Double(plane), mean: means, squares: squares,
      maximum: channels.map { $0.max() ?? 0 })
  }
}
