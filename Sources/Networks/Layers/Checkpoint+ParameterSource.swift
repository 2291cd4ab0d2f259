public import ModelGraph

extension Checkpoint: ParameterSource {
  /// Sizes of the axes of a parameter.
  public func shape(of name: String) -> [Int]? { tensors[name]?.shape }

  /// The numbers of a parameter.
  public func floats(_ name: String) throws(ModelError) -> [Float] {
    guard let tensor = tensors[name] else {
      throw ModelError("reading \(path)", "it has no parameter called \(name)")
    }
    return tensor.floats()
  }
}
