public import ModelGraph

extension CheckpointTensors: ParameterSource {
  /// Sizes of the axes of a parameter; nil where there is none of that name.
  public func shape(of name: String) -> [Int]? { self[name]?.shape }
  /// The numbers of a parameter.
  public func floats(_ name: String) throws(ModelError) -> [Float] {
    guard let tensor = self[name] else {
      throw ModelError("building the network", "\(name) is missing")
    }
    return tensor.floats()
  }
}
