public import ModelGraph

/// Writes a network down layer by layer, and takes its parameters out of a checkpoint by name.
///
/// Without a checkpoint it only notes which parameters there are. A layer never throws: the first
/// parameter that cannot be used is reported at the end.
public struct NetworkBuilder {
  /// Name of a value.
  public typealias Value = GraphBuilder.Value

  /// Operations that have no parameters.
  public var graph: GraphBuilder
  /// Parameters asked for so far.
  public private(set) var parameters: [ParameterRequest] = []
  /// Values behind the modules of the published code, by the module's name.
  private(set) var modules: [String: Value] = [:]
  /// Names that old files have and that no layer needs.
  private(set) var ignorable: Set<String> = []

  private let name: String
  private let source: (any ParameterSource)?
  private let isForTraining: Bool
  private var outputs: [Value] = []
  private var failure: ModelError?

  init(name: String, source: (any ParameterSource)? = nil, isForTraining: Bool = false) {
    graph = GraphBuilder(name: name)
    self.name = name
    self.source = source
    self.isForTraining = isForTraining
  }

  /// Declares an input of one picture; nil is any size.
  public mutating func input(
    _ name: String = "input", channels: Int, height: Int? = nil, width: Int? = nil
  ) -> Value {
    graph.input(name, shape: [1, channels, height, width])
  }

  /// Declares what flows out.
  public mutating func output(_ value: Value) { outputs.append(value) }

  /// Notes what a module of the published code makes.
  mutating func mark(_ module: String, _ value: Value) { modules[module] = value }

  /// Drops half of the numbers at random in training, and does nothing otherwise.
  mutating func dropout(_ x: Value) -> Value {
    isForTraining ? graph.node("Dropout", [x]) : x
  }

  /// The graph; throws where a parameter was missing or not finite.
  mutating func finish() throws(ModelError) -> Graph {
    if let failure { throw failure }
    return graph.finish(outputs)
  }

  /// The graph with the names of its parameters only.
  var layers: Graph {
    mutating get { graph.finish(outputs) }
  }

  /// Names that may be in a file without being used.
  mutating func ignore(_ names: [String]) { ignorable.formUnion(names) }

  /// Notes that a checkpoint has a parameter which the graph does not need.
  mutating func note(_ name: String, _ shape: [Int], _ role: ParameterRequest.Role) {
    parameters.append(ParameterRequest(name: name, shape: shape, role: role))
  }

  /// A vector of one number, which all layers share.
  mutating func constant(_ value: Float, _ count: Int) -> Value {
    let name = "\(value == 0 ? "zeros" : "ones")_\(count)"
    if graph.parameter(name) == nil {
      graph.constant(name, Constant([Float](repeating: value, count: count)))
    }
    return name
  }

  /// Adds a parameter to the graph under its name in the checkpoint.
  public mutating func parameter(
    _ name: String, _ shape: [Int], _ role: ParameterRequest.Role
  ) -> Value {
    note(name, shape, role)
    if let values = values(name, shape) { graph.constant(name, Constant(values, shape: shape)) }
    return name
  }

  /// Adds the weight of a spectral norm, divided by its largest singular value.
  mutating func spectralWeight(
    _ prefix: String, _ shape: [Int], _ role: ParameterRequest.Role = .convolution
  ) -> Value {
    let columns = shape.dropFirst().reduce(1, *)
    let (weight, left, right) = (
      "\(prefix).weight_orig", "\(prefix).weight_u", "\(prefix).weight_v"
    )
    note(weight, shape, role)
    note(left, [shape[0]], .spectralU)
    note(right, [columns], .spectralV)
    // Files of PyTorch before 1.0 have the divided weight too.
    let name = "\(prefix).weight"
    ignore([name])
    guard let matrix = values(weight, shape), let u = values(left, [shape[0]]) else {
      return name
    }
    let v = source?.shape(of: right) == nil ? nil : values(right, [columns])
    if let divided = SpectralNorm.divided(matrix, u: u, v: v) {
      graph.constant(name, Constant(divided, shape: shape))
    } else {
      fail("\(weight) has no singular value along \(left); the file is damaged")
    }
    return name
  }

  private mutating func values(_ name: String, _ shape: [Int]) -> [Float]? {
    guard let source, failure == nil else { return nil }
    guard source.shape(of: name) == shape else {
      fail("\(name) is missing or not \(shape)")
      return nil
    }
    do throws(ModelError) {
      let values = try source.floats(name)
      guard values.count == shape.reduce(1, *) else {
        fail("\(name) has \(values.count) numbers, which are not \(shape)")
        return nil
      }
      if values.allSatisfy(\.isFinite) { return values }
      fail("\(name) holds NaN or infinity: the training went wrong, use an earlier checkpoint")
    } catch {
      failure = error
    }
    return nil
  }

  private mutating func fail(_ reason: String) {
    failure = failure ?? ModelError("building the \(name)", reason)
  }
}
