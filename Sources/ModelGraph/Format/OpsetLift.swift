extension Graph {
  /// Rewrites operations of another opset, and operators that ONNX has dropped, to opset 17.
  mutating func lift(from opset: Int) throws(ModelError) {
    var lift = OpsetLift(opset: opset, constants: constants, outputs: Set(outputs))
    for node in nodes { try lift.add(node) }
    nodes = lift.nodes
    constants = lift.constants
  }
}

/// Rewrites nodes one by one.
struct OpsetLift {
  let opset: Int
  var constants: [String: Constant]
  let outputs: Set<String>
  private(set) var nodes: [Node] = []
  /// Values that are another value under a second name.
  private var aliases: [String: String] = [:]
  private var fresh = 0

  init(opset: Int, constants: [String: Constant], outputs: Set<String>) {
    self.opset = opset
    self.constants = constants
    self.outputs = outputs
  }

  mutating func add(_ original: Node) throws(ModelError) {
    var node = original
    node.inputs = node.inputs.map { aliases[$0] ?? $0 }
    switch node.op {
    case "Constant": return try addConstant(node)
    case "Identity", "Dropout": return addAlias(node)
    case "Pad": liftPad(&node)
    case "Upsample": liftUpsample(&node)
    case "Resize": liftResize(&node)
    case "Clip": liftClip(&node)
    case "Slice": liftSlice(&node)
    case "Squeeze", "Unsqueeze", "ReduceSum": liftAxesToInput(&node)
    case "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
      "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare":
      try liftAxesToAttribute(&node)
    case "BatchNormalization": liftBatchNormalization(&node)
    case "InstanceNormalization": node.attributes["consumed_inputs"] = nil
    case "Add", "Sub", "Mul", "Div", "Pow": try liftBroadcast(&node)
    case "ImageScaler": return try addImageScaler(node)
    case "Crop": return try addCrop(node)
    case "Affine": return addAffine(node)
    case "ScaledTanh": return addScaledTanh(node)
    case "GroupNormalization": try liftGroupNormalization(&node)
    case "Split": liftSplit(&node)
    default: break
    }
    append(node)
  }

  /// Adds a node as it is.
  mutating func append(_ node: Node) { nodes.append(node) }

  /// A constant that no name in the file can meet.
  mutating func constant(_ value: Constant) -> String {
    fresh += 1
    let name = "lifted:\(fresh)"
    constants[name] = value
    return name
  }

  /// A value that no name in the file can meet.
  mutating func value() -> String {
    fresh += 1
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
    default:
      throw ModelError("reading the model", "\(node.title) has no value that is a number")
    }
    for output in node.outputs { constants[output] = value }
  }

  private mutating func addAlias(_ node: Node) {
    guard let output = node.outputs.first, let input = node.inputs.first else { return }
    if outputs.contains(output) {
      append(Node("Identity", name: node.name, inputs: [input], outputs: [output]))
    } else {
      aliases[output] = input
    }
  }

  private mutating func liftPad(_ node: inout Node) {
    if opset < 11 {
      let pads = node.integers("pads") ?? node.integers("paddings") ?? []
      let value = node.float("value") ?? 0
      node.inputs = [node.inputs[0], constant(Constant(integers: pads))]
      if value != 0 { node.inputs.append(constant(Constant(scalar: value))) }
      node.attributes = ["mode": .text(node.text("mode") ?? "constant")]
    } else if let axes = node.input(3).flatMap({ constants[$0]?.integers }),
      let pads = node.input(1).flatMap({ constants[$0]?.integers }),
      pads.count == 2 * axes.count
    {
      var full = [Int](repeating: 0, count: 8)
      for (place, axis) in axes.enumerated() {
        let axis = axis < 0 ? axis + 4 : axis
        guard (0..<4).contains(axis) else { return }
        full[axis] = pads[place]
        full[axis + 4] = pads[place + axes.count]
      }
      node.inputs =
        [node.inputs[0], constant(Constant(integers: full))]
        + (node.input(2).map { [$0] } ?? [])
    }
  }

  private mutating func liftUpsample(_ node: inout Node) {
    let scales = node.floats("scales").map { constant(Constant($0)) } ?? node.input(1) ?? ""
    node.op = "Resize"
    node.inputs = [node.inputs[0], "", scales]
    let mode = node.text("mode") ?? "nearest"
    node.attributes = [
      "mode": .text(mode == "bilinear" ? "linear" : mode),
      "coordinate_transformation_mode": .text("asymmetric"), "nearest_mode": .text("floor"),
    ]
  }

  private mutating func liftResize(_ node: inout Node) {
    if opset < 11 {
      node.inputs = [node.inputs[0], ""] + node.inputs.dropFirst()
      node.attributes["coordinate_transformation_mode"] = .text("asymmetric")
      node.attributes["nearest_mode"] = .text("floor")
    }
    if let axes = node.integers("axes") {
      // Opset 18 names the axes that it resizes: those of the picture.
      guard axes.map({ $0 < 0 ? $0 + 4 : $0 }) == [2, 3] else { return }
      if let name = node.input(2), let scales = constants[name]?.floats {
        node.inputs[2] = constant(Constant([1, 1] + scales))
        node.attributes["axes"] = nil
      }
    }
    if node.integer("antialias") == 0 { node.attributes["antialias"] = nil }
    if node.text("keep_aspect_ratio_policy") == "stretch" {
      node.attributes["keep_aspect_ratio_policy"] = nil
    }
  }

  private mutating func liftClip(_ node: inout Node) {
    guard opset < 11 else { return }
    let least = node.float("min").map { constant(Constant(scalar: $0)) }
    let most = node.float("max").map { constant(Constant(scalar: $0)) }
    node.inputs = [node.inputs[0], least ?? "", most ?? ""]
    node.attributes = [:]
  }

  private mutating func liftSlice(_ node: inout Node) {
    guard opset < 10, let starts = node.integers("starts"), let ends = node.integers("ends")
    else { return }
    let axes = node.integers("axes") ?? Array(starts.indices)
    node.inputs = [node.inputs[0]] + [starts, ends, axes].map { constant(Constant(integers: $0)) }
    node.attributes = [:]
  }

  private mutating func liftAxesToInput(_ node: inout Node) {
    guard opset < 13, let axes = node.integers("axes") else { return }
    node.inputs = [node.inputs[0], constant(Constant(integers: axes))]
    node.attributes["axes"] = nil
  }

  private mutating func liftAxesToAttribute(_ node: inout Node) throws(ModelError) {
    guard let name = node.input(1) else { return }
    guard let axes = constants[name]?.integers else {
      throw ModelError("reading the model", "\(node.title) computes its axes as it runs")
    }
    node.inputs = [node.inputs[0]]
    node.attributes["axes"] = .integers(axes)
    node.attributes["noop_with_empty_axes"] = nil
  }

  private mutating func liftBatchNormalization(_ node: inout Node) {
    let isTraining =
      node.integer("training_mode") == 1 || (opset < 14 && node.outputs.count > 1)
      || (opset < 7 && node.integer("is_test") == 0)
    let epsilon = node.float("epsilon") ?? 1e-5
    node.attributes = ["epsilon": .float(epsilon)]
    if isTraining {
      // With one image in the batch these are the statistics of the image.
      node.op = "InstanceNormalization"
      node.inputs = Array(node.inputs.prefix(3))
    }
    node.outputs = Array(node.outputs.prefix(1))
  }

  private mutating func liftBroadcast(_ node: inout Node) throws(ModelError) {
    guard opset < 7, node.integer("broadcast") == 1 else { return }
    if let axis = node.integer("axis"), node.inputs.count == 2 {
      guard let value = constants[node.inputs[1]] else {
        throw ModelError(
          "reading the model", "\(node.title) is of a form from before 2018; export it again")
      }
      // The second operand starts at `axis` of a picture.
      let trailing = 4 - axis - value.shape.count
      if trailing > 0 {
        let shape = value.shape + [Int](repeating: 1, count: trailing)
        node.inputs[1] = constant(value.reshaped(shape))
      }
    }
    node.attributes = [:]
  }

  private mutating func liftGroupNormalization(_ node: inout Node) throws(ModelError) {
    guard opset < 21, let groups = node.integer("num_groups"), node.inputs.count == 3 else {
      return
    }
    // Opset 18 has a scale a group, later ones a scale a channel; the number of channels is not
    // known here, so one a group becomes one a channel only where both agree.
    guard let scale = constants[node.inputs[1]], scale.count != groups || groups == 1 else {
      throw ModelError(
        "reading the model", "\(node.title) is of opset 18, which was withdrawn; export it again")
    }
  }

  private mutating func liftSplit(_ node: inout Node) {
    if opset < 13, let sizes = node.integers("split") {
      node.inputs = [node.inputs[0], constant(Constant(integers: sizes))]
      node.attributes["split"] = nil
    }
    node.attributes["num_outputs"] = nil
  }
}
