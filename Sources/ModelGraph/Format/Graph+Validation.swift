extension Graph {
  /// Throws where the graph is not one that can run: values nobody makes, or made twice.
  public func validate() throws(ModelError) {
    let action = "checking the model"
    guard !inputs.isEmpty else { throw ModelError(action, "it has no input") }
    guard !outputs.isEmpty else { throw ModelError(action, "it has no output") }
    var known = Set(constants.keys)
    for input in inputs where !known.insert(input.name).inserted {
      throw ModelError(action, "two inputs or weights are called \(input.name)")
    }
    for node in nodes {
      // Only a constant comes out of nothing.
      guard node.op == "Constant" || node.input(0) != nil, node.outputs.first?.isEmpty == false
      else { throw ModelError(action, "\(node.title) lacks an input or an output") }
      for input in node.inputs where !input.isEmpty && !known.contains(input) {
        throw ModelError(
          action, "\(node.title) reads '\(input)', which is neither a weight nor made before it")
      }
      for output in node.outputs where !output.isEmpty && !known.insert(output).inserted {
        throw ModelError(action, "\(node.title) makes '\(output)', which is there already")
      }
    }
    for output in outputs where !known.contains(output) {
      throw ModelError(action, "no operation makes the output '\(output)'")
    }
  }

  /// The first weight that holds a value that is no number, or an infinite one.
  public var firstNonFiniteConstant: String? {
    constants.keys.sorted().first { name in
      guard let constant = constants[name], constant.elementType.isFloatingPoint else {
        return false
      }
      return constant.floats.contains { !$0.isFinite }
    }
  }
}
