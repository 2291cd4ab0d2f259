extension Graph {
  /// Rewrites operations of another opset, and operators that ONNX has dropped, to opset 17.
  mutating func lift(from opset: Int) throws(ModelError) {
    var lift = OpsetLift(self, opset: opset)
    for node in nodes { try lift.add(node) }
    nodes = lift.nodes
    constants = lift.constants
  }
}

/// Rewrites nodes one by one.
struct OpsetLift {
  let opset: Int
  var constants: [String: Constant]
  private(set) var nodes: [Node] = []
  private let outputs: Set<String>
  private let names: Set<String>
  /// Values that are another value under a second name.
  private var aliases: [String: String] = [:]
  private var fresh = 0

  static let action = "reading the model"

  init(_ graph: Graph, opset: Int) {
    self.opset = opset
    constants = graph.constants
    outputs = Set(graph.outputs)
    names = Set(graph.constants.keys).union(graph.inputs.map(\.name))
      .union(graph.nodes.flatMap(\.outputs))
  }

  mutating func add(_ original: Node) throws(ModelError) {
    var node = original
    node.inputs = node.inputs.map { aliases[$0] ?? $0 }
    if opset < 6 { node.attributes["consumed_inputs"] = nil }
    switch node.op {
    case "Constant": return try addConstant(node)
    case "Identity", "Dropout": return addAlias(node)
    case "Pad": liftPad(&node)
    case "Upsample": try liftUpsample(&node)
    case "Resize": liftResize(&node)
    case "Clip": liftClip(&node)
    case "Slice": liftSlice(&node)
    case "Squeeze", "Unsqueeze", "ReduceSum": liftAxesToInput(&node)
    case "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
      "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare":
      try liftAxesToAttribute(&node)
    case "BatchNormalization": try liftBatchNormalization(&node)
    case "InstanceNormalization": node.attributes["consumed_inputs"] = nil
    case "Add", "Sub", "Mul", "Div", "Pow": try liftBroadcast(&node)
    case "PRelu": liftSlope(&node)
    case "Reshape": liftReshape(&node)
    case "Cast": liftCast(&node)
    case "Concat": node.attributes["axis"] = .integer(node.integer("axis") ?? 1)
    case "Gemm": if opset < 7 { node.attributes["broadcast"] = nil }
    case "Softmax", "LogSoftmax": if opset < 13 { return addFlatSoftmax(node) }
    case "Split": liftSplit(&node)
    case "GroupNormalization": node.attributes["stash_type"] = nil
    case "Gelu": return addGelu(node)
    case "Mish": return addMish(node)
    case "ImageScaler": return addImageScaler(node)
    case "Crop": return try addCrop(node)
    case "Affine": return addAffine(node)
    case "ScaledTanh": return addScaledTanh(node)
    default: break
    }
    append(node)
  }

  /// Adds a node as it is.
  mutating func append(_ node: Node) { nodes.append(node) }

  /// A constant under a name that nothing has.
  mutating func constant(_ value: Constant) -> String {
    let name = self.value()
    constants[name] = value
    return name
  }

  /// A name that nothing has.
  mutating func value() -> String {
    repeat { fresh += 1 } while names.contains("lifted:\(fresh)")
    return "lifted:\(fresh)"
  }

  private mutating func addConstant(_ node: Node) throws(ModelError) {
    let value: Constant
    switch node.attributes.first(where: { $0.key.hasPrefix("value") })?.value {
    case .constant(let constant): value = constant
    case .float(let number): value = Constant(scalar: number)
    case .floats(let numbers): value = Constant(numbers)
    case .integer(let number): value = Constant(integers: [number]).reshaped([])
    case .integers(let numbers): value = Constant(integers: numbers)
    default: throw ModelError(Self.action, "\(node.title) has no value that is a number")
    }
    for output in node.outputs where !output.isEmpty {
      // An output of the network is made by an operation.
      let name = outputs.contains(output) ? constant(value) : output
      constants[name] = value
      if name != output {
        append(Node("Identity", name: node.name, inputs: [name], outputs: [output]))
      }
    }
  }

  private mutating func addAlias(_ node: Node) {
    guard let output = node.outputs.first, let input = node.inputs.first else { return }
    if outputs.contains(output) {
      append(Node("Identity", name: node.name, inputs: [input], outputs: [output]))
    } else {
      aliases[output] = input
    }
  }
}
