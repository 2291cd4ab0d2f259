import ModelGraph

@testable import Networks

/// Parameters made up in a test.
struct Parameters: ParameterSource {
  var names: [String] = []
  private var tensors: [String: (shape: [Int], floats: [Float])] = [:]

  /// Repeatable numbers for everything a network asks for, small enough to keep values finite.
  init(for network: any Network) {
    for (index, parameter) in network.parameters.enumerated() {
      let count = parameter.shape.reduce(1, *)
      let isScale = [.normScale, .runningVariance].contains(parameter.role)
      self[parameter.name] = (
        parameter.shape,
        (0..<count).map { (isScale ? 1 : 0) + Float(($0 * 7 + index * 13) % 17 - 8) / 80 }
      )
    }
  }

  /// The parameters of a file, to be changed.
  init(_ checkpoint: Checkpoint) {
    for (name, tensor) in checkpoint.tensors { self[name] = (tensor.shape, tensor.floats()) }
  }

  subscript(name: String) -> (shape: [Int], floats: [Float])? {
    get { tensors[name] }
    set {
      if newValue == nil { names.removeAll { $0 == name } }
      if newValue != nil, tensors[name] == nil { names.append(name) }
      tensors[name] = newValue
    }
  }

  /// The same with `prefix` before every name.
  func prefixed(_ prefix: String) -> Parameters {
    var result = self
    result.names = names.map { prefix + $0 }
    result.tensors = .init(uniqueKeysWithValues: tensors.map { (prefix + $0, $1) })
    return result
  }

  /// Both.
  static func + (a: Parameters, b: Parameters) -> Parameters {
    var result = a
    for name in b.names { result[name] = b[name] }
    return result
  }

  func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  func floats(_ name: String) throws(ModelError) -> [Float] { tensors[name]?.floats ?? [] }
}
