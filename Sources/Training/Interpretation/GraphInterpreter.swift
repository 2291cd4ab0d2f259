import Base
import ModelGraph

/// Runs the operations of a graph with libtorch, so that gradients can be asked for.
struct GraphInterpreter {
  /// What norms, dropouts and spectral norms do.
  enum Mode {
    /// Statistics of the batch, random dropouts, and an iteration of every spectral norm.
    case training
    /// What a finished network does: nothing is random, nothing changes.
    case evaluation
  }

  let graph: Graph
  private let producers: [String: Int]
  private let constants: [String: Tensor]

  /// Prepares a graph; throws where it has an operator that is not known.
  init(_ graph: Graph, device: TrainingDevice) throws(TesseraError) {
    for node in graph.nodes where !Self.operators.contains(node.op) {
      throw TesseraError(graph.name, "training", "\(node.title) cannot be trained through")
    }
    self.graph = graph
    producers = graph.producers
    constants = graph.constants.compactMapValues { constant in
      guard constant.elementType.isFloatingPoint, constant.count > 0 else { return nil }
      return Tensor(constant.floats, shape: constant.shape, device: device)
    }
  }

  /// Computes the values `wanted` and nothing that they do not need.
  ///
  /// `parameters` gives what the graph names without holding it.
  func run(
    _ inputs: [String: Tensor], wanted: [String], mode: Mode,
    parameters: (String) -> Tensor?
  ) throws(TesseraError) -> [Tensor] {
    let places = places(wanted, given: Set(inputs.keys))
    var lastUse: [String: Int] = [:]
    for place in places { for name in graph.nodes[place].inputs { lastUse[name] = place } }
    for name in wanted { lastUse[name] = .max }
    var values = inputs
    for place in places {
      let node = graph.nodes[place]
      var read: [Tensor?] = []
      for name in node.inputs {
        read.append(
          name.isEmpty ? nil : values[name] ?? constants[name] ?? parameters(name))
      }
      let evaluation = NodeEvaluation(graph: graph, node: node, inputs: read, mode: mode)
      let outputs = try evaluation.outputs()
      for (name, output) in zip(node.outputs, outputs) { values[name] = output }
      for name in node.inputs where lastUse[name] == place { values[name] = nil }
    }
    var results: [Tensor] = []
    for name in wanted {
      guard let value = values[name] else {
        throw TesseraError(graph.name, "training", "nothing makes the value \(name)")
      }
      results.append(value)
    }
    return results
  }

  /// The nodes that `wanted` depends on, in order.
  private func places(_ wanted: [String], given: Set<String>) -> [Int] {
    var needed = Set<Int>()
    var open = wanted
    while let name = open.popLast() {
      guard !given.contains(name), let place = producers[name], needed.insert(place).inserted
      else { continue }
      open += graph.nodes[place].inputs
    }
    return needed.sorted()
  }

  /// Operators that ``NodeEvaluation`` computes.
  static let operators: Set<String> = [
    "Abs", "Add", "AveragePool", "BatchNormalization", "Clip", "Concat", "Conv", "ConvTranspose",
    "Div", "Dropout", "Elu", "Erf", "Exp", "Flatten", "Gemm", "GlobalAveragePool", "Identity",
    "InstanceNormalization", "LeakyRelu", "Log", "MatMul", "Max", "MaxPool", "Min", "Mul", "Neg",
    "Pad", "Pow", "ReduceMean", "Relu", "Reshape", "Resize", "Sigmoid", "Slice", "Softmax",
    "Softplus", "Sqrt", "Sub", "Sum", "Tanh", "Transpose",
  ]
}
