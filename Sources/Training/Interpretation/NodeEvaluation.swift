import Base
internal import CTorch
import ModelGraph

/// One operation of a graph with the tensors that flow into it.
struct NodeEvaluation {
  let graph: Graph
  let node: Node
  let inputs: [Tensor?]
  let mode: GraphInterpreter.Mode

  /// What the operation makes.
  func outputs() throws(TesseraError) -> [Tensor] { [try output()] }

  private func output() throws(TesseraError) -> Tensor {
    switch node.op {
    case "Conv", "ConvTranspose": try convolution()
    case "Pad": try pad()
    case "InstanceNormalization":
      try input(0).instanceNormalized(try input(1), try input(2), epsilon: epsilon)
    case "BatchNormalization":
      try batchNormalized()
    case "AveragePool", "MaxPool": try pool()
    case "GlobalAveragePool": try input(0).mean([2, 3], keeps: true)
    case "Resize": try resize()
    case "Slice": try slice()
    case "Concat":
      Tensor.concatenated(try inputs.indices.map(input), axis: node.integer("axis") ?? 0)
    case "Reshape": try reshape()
    case "Flatten":
      try input(0).reshaped([
        try input(0).shape.prefix(node.integer("axis") ?? 1).reduce(1, *), -1,
      ])
    case "Transpose": try input(0).permuted(node.integers("perm") ?? [])
    case "Gemm": try matrixProduct()
    case "MatMul": try input(0).product(try input(1))
    case "Dropout": mode == .training ? try input(0).dropped(0.5) : try input(0)
    case "ReduceMean":
      try input(0).mean(
        node.integers("axes") ?? [], keeps: node.integer("keepdims") ?? 1 == 1)
    case "Softmax": try input(0).softmax(node.integer("axis") ?? -1)
    case "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum": try combination()
    default: try function(of: input(0))
    }
  }

  private func combination() throws(TesseraError) -> Tensor {
    var result = try input(0)
    for place in inputs.indices.dropFirst() {
      let next = try input(place)
      result =
        switch node.op {
        case "Add", "Sum": result + next
        case "Sub": result - next
        case "Mul": result * next
        case "Div": result / next
        case "Pow": result.power(next)
        case "Max": result.maximum(next)
        default: result.minimum(next)
        }
    }
    return result
  }

  private func function(of x: Tensor) throws(TesseraError) -> Tensor {
    switch node.op {
    case "Abs": return x.magnitude
    case "Clip":
      let (low, high) = (try floats(1)?.first ?? -.infinity, try floats(2)?.first ?? .infinity)
      return x.clamped(Double(low)...Double(high))
    case "Elu": return x.elu(Double(node.float("alpha") ?? 1))
    case "Erf": return x.errorFunction
    case "Exp": return x.exp
    case "Identity": return x
    case "LeakyRelu": return x.leakyReLU(Double(node.float("alpha") ?? 0.01))
    case "Log": return x.log
    case "Neg": return -x
    case "Relu": return x.relu
    case "Sigmoid": return x.sigmoid
    case "Softplus": return x.softplus
    case "Sqrt": return x.squareRoot
    case "Tanh": return x.tanh
    default: throw fault("has an operator that cannot be trained through")
    }
  }

  private func matrixProduct() throws(TesseraError) -> Tensor {
    var (a, b) = (try input(0), try input(1))
    if node.integer("transA") == 1 { a = a.permuted([1, 0]) }
    if node.integer("transB") == 1 { b = b.permuted([1, 0]) }
    var result = a.product(b)
    let (alpha, beta) = (node.float("alpha") ?? 1, node.float("beta") ?? 1)
    if alpha != 1 { result = Double(alpha) * result }
    guard node.input(2) != nil else { return result }
    let term = try input(2)
    return result + (beta == 1 ? term : Double(beta) * term)
  }

  private func reshape() throws(TesseraError) -> Tensor {
    let x = try input(0)
    guard let sizes = try integers(1) else { throw fault("has a shape that is not known") }
    let old = x.shape
    return x.reshaped(
      sizes.enumerated().map { $1 == 0 && old.indices.contains($0) ? old[$0] : $1 })
  }

  private func batchNormalized() throws(TesseraError) -> Tensor {
    let x = try input(0)
    let shape = x.shape
    // The variance of one number is none; PyTorch refuses it as well.
    guard mode == .evaluation || x.count > (shape.count > 1 ? shape[1] : 1) else {
      throw TesseraError(
        graph.name, "training",
        "a batch norm gets one number a channel to learn from: raise --batch-size or --crop-size")
    }
    return x.batchNormalized(
      try input(1), try input(2), mean: try input(3), variance: try input(4),
      isTraining: mode == .training, epsilon: epsilon)
  }

  private func slice() throws(TesseraError) -> Tensor {
    guard let starts = try integers(1), let ends = try integers(2) else {
      throw fault("has bounds that are not known")
    }
    let axes = try integers(3) ?? Array(starts.indices)
    let steps = try integers(4) ?? starts.map { _ in 1 }
    guard steps.allSatisfy({ $0 > 0 }) else { throw fault("goes backwards") }
    var x = try input(0)
    for (place, axis) in axes.enumerated() {
      x = x.sliced(axis: axis, from: starts[place], to: ends[place], step: steps[place])
    }
    return x
  }

  var epsilon: Double { Double(node.float("epsilon") ?? 1e-5) }

  func input(_ place: Int) throws(TesseraError) -> Tensor {
    guard inputs.indices.contains(place), let tensor = inputs[place] else {
      throw fault("lacks its input \(place)")
    }
    return tensor
  }

  /// The integers of a known input; nil where it was left out.
  func integers(_ place: Int) throws(TesseraError) -> [Int]? {
    guard let name = node.input(place) else { return nil }
    guard let integers = graph.constants[name]?.integers else {
      throw fault("has the input \(name), which is not known before it runs")
    }
    return integers
  }

  /// The numbers of a known input; nil where it was left out.
  func floats(_ place: Int) throws(TesseraError) -> [Float]? {
    guard let name = node.input(place) else { return nil }
    guard let constant = graph.constants[name] else {
      throw fault("has the input \(name), which is not known before it runs")
    }
    return constant.floats
  }

  func fault(_ reason: String) -> TesseraError {
    TesseraError(graph.name, "training", "\(node.title) \(reason)")
  }
}
