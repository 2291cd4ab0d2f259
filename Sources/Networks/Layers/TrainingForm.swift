public import ModelGraph

/// A network whose parameters are still to be learned.
///
/// Its graph names them without holding them: a weight "x.weight" of a spectral norm stands for
/// "x.weight_orig" divided by its largest singular value.
public struct TrainingForm: Sendable {
  /// The layers, dropouts included.
  public let graph: Graph
  /// Everything a checkpoint holds, in the order of the layers.
  public let parameters: [ParameterRequest]
  /// Names of the values behind the modules of the published code, such as "model.4".
  public let modules: [String: String]

  init(_ builder: NetworkBuilder) {
    var builder = builder
    graph = builder.layers
    parameters = builder.parameters
    modules = builder.modules
  }
}
