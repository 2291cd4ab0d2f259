extension Graph {
  /// The graph with every half-precision weight, input and conversion in single precision, so that it
  /// takes and gives f32; others stay as they are.
  public var inSinglePrecision: Graph {
    var graph = self
    graph.constants = constants.mapValues { $0.inSinglePrecision }
    for index in inputs.indices where inputs[index].elementType.isHalf {
      graph.inputs[index].elementType = .float32
    }
    for index in nodes.indices {
      graph.nodes[index].attributes = nodes[index].attributes.mapValues { attribute in
        if case .constant(let constant) = attribute { return .constant(constant.inSinglePrecision) }
        return attribute
      }
      // ONNX numbers its types: 10 and 16 are the halves, 1 is single precision.
      if nodes[index].op == "Cast", let type = nodes[index].integer("to"), type == 10 || type == 16
      {
        graph.nodes[index].attributes["to"] = .integer(1)
      }
    }
    return graph
  }
}

extension Constant {
  fileprivate var inSinglePrecision: Constant {
    elementType.isHalf ? Constant(floats, shape: shape) : self
  }
}

extension ElementType {
  fileprivate var isHalf: Bool { self == .float16 || self == .bfloat16 }
}
