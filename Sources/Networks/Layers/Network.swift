public import ModelGraph

/// A published network of some configuration: its layers and the names of its parameters.
public protocol Network: Sendable, Hashable {
  /// Name for messages and for the graph, such as "ResNet generator".
  var name: String { get }
  /// The configuration in words, such as "9 blocks, width 64, instance norm".
  var summary: String { get }
  /// Writes the layers down, from the inputs to the outputs.
  func write(into builder: inout NetworkBuilder)
}

extension Network {
  /// Everything a checkpoint of this network holds, buffers included, in the order of the layers.
  public var parameters: [ParameterRequest] { plan.parameters }

  /// The network with the parameters of `source`: floating point NCHW, batch 1, any size unless the
  /// network has one.
  ///
  /// Spectral norms are divided out; anti-aliasing kernels, counters and the statistics that old
  /// versions stored for instance norms are left out.
  ///
  /// Throws an error that names the parameters that are missing, superfluous, of another shape or
  /// not finite.
  public func graph(from source: some ParameterSource) throws(ModelError) -> Graph {
    let difference = ParameterDifference(plan, source)
    guard difference.isEmpty else {
      throw ModelError("building the \(name)", difference.description)
    }
    var builder = NetworkBuilder(name: name, source: source)
    write(into: &builder)
    return try builder.finish()
  }

  /// The layers as training runs them.
  public var trainingForm: TrainingForm {
    var builder = NetworkBuilder(name: name, isForTraining: true)
    write(into: &builder)
    return TrainingForm(builder)
  }

  /// The layers without parameters.
  var plan: NetworkBuilder {
    var builder = NetworkBuilder(name: name)
    write(into: &builder)
    return builder
  }
}
