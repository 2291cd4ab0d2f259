/// Operators whose parameters moved between attributes and inputs.
extension OpsetLift {
  mutating func liftPad(_ node: inout Node) {
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
        [node.inputs[0], constant(Constant(integers: full))] + (node.input(2).map { [$0] } ?? [])
    }
  }

  mutating func liftUpsample(_ node: inout Node) throws(ModelError) {
    var scales = node.floats("scales").map { constant(Constant($0)) } ?? node.input(1)
    if let height = node.float("height_scale"), let width = node.float("width_scale") {
      scales = constant(Constant([1, 1, height, width]))
    }
    guard let scales else {
      throw ModelError(Self.action, "\(node.title) does not say by how much it enlarges")
    }
    node.op = "Resize"
    node.inputs = [node.inputs[0], "", scales]
    let mode = node.text("mode") ?? "nearest"
    node.attributes = [
      "mode": .text(mode == "bilinear" ? "linear" : mode),
      "coordinate_transformation_mode": .text("asymmetric"), "nearest_mode": .text("floor"),
    ]
  }

  mutating func liftResize(_ node: inout Node) {
    if opset < 11 {
      node.inputs = [node.inputs[0], ""] + node.inputs.dropFirst()
      node.attributes["coordinate_transformation_mode"] = .text("asymmetric")
      node.attributes["nearest_mode"] = .text("floor")
    }
    if let axes = node.integers("axes") {
      // Opset 18 names the axes that it resizes: those of the picture.
      guard axes.map({ $0 < 0 ? $0 + 4 : $0 }) == [2, 3] else { return }
      if let name = node.input(2), let scales = constants[name]?.floats, !scales.isEmpty {
        node.inputs[2] = constant(Constant([1, 1] + scales))
        node.attributes["axes"] = nil
      }
    }
    if node.integer("antialias") == 0 { node.attributes["antialias"] = nil }
    if node.text("keep_aspect_ratio_policy") == "stretch" {
      node.attributes["keep_aspect_ratio_policy"] = nil
    }
  }

  mutating func liftClip(_ node: inout Node) {
    guard opset < 11 else { return }
    let minimum = node.float("min").map { constant(Constant(scalar: $0)) }
    let maximum = node.float("max").map { constant(Constant(scalar: $0)) }
    node.inputs = [node.inputs[0], minimum ?? "", maximum ?? ""]
    node.attributes = [:]
  }

  mutating func liftSlice(_ node: inout Node) {
    guard opset < 10, let starts = node.integers("starts"), let ends = node.integers("ends")
    else { return }
    let axes = node.integers("axes") ?? Array(starts.indices)
    node.inputs = [node.inputs[0]] + [starts, ends, axes].map { constant(Constant(integers: $0)) }
    node.attributes = [:]
  }

  mutating func liftAxesToInput(_ node: inout Node) {
    guard opset < 13, let axes = node.integers("axes") else { return }
    node.inputs = [node.inputs[0], constant(Constant(integers: axes))]
    node.attributes["axes"] = nil
  }

  mutating func liftAxesToAttribute(_ node: inout Node) throws(ModelError) {
    let isNothing = node.integer("noop_with_empty_axes") == 1
    node.attributes["noop_with_empty_axes"] = nil
    if let name = node.input(1) {
      guard let axes = constants[name]?.integers else {
        throw ModelError(Self.action, "\(node.title) computes its axes as it runs")
      }
      node.inputs = [node.inputs[0]]
      if !axes.isEmpty { node.attributes["axes"] = .integers(axes) }
    }
    if isNothing, node.integers("axes") == nil { (node.op, node.attributes) = ("Identity", [:]) }
  }

  mutating func liftBatchNormalization(_ node: inout Node) throws(ModelError) {
    guard opset >= 9 || node.integer("spatial") != 0 else {
      throw ModelError(
        Self.action, "\(node.title) has statistics of its own for every place of the picture")
    }
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

  mutating func liftBroadcast(_ node: inout Node) throws(ModelError) {
    guard opset < 7 else { return }
    let isBroadcast = node.integer("broadcast") == 1
    let axis = node.integer("axis")
    node.attributes = [:]
    guard isBroadcast, let axis, node.inputs.count == 2 else { return }
    guard let value = constants[node.inputs[1]], (0..<4).contains(axis) else {
      throw ModelError(
        Self.action, "\(node.title) is of a form from before 2018; export it again")
    }
    // The second operand starts at `axis` of a picture.
    let trailing = 4 - axis - value.shape.count
    if trailing > 0 {
      let shape = value.shape + [Int](repeating: 1, count: trailing)
      node.inputs[1] = constant(value.reshaped(shape))
    }
  }

  /// Before opset 7 the slopes were those of the channels without further ado.
  mutating func liftSlope(_ node: inout Node) {
    guard opset < 7, let name = node.input(1), let slope = constants[name],
      slope.shape.count == 1
    else { return }
    node.inputs[1] = constant(slope.reshaped([slope.count, 1, 1]))
  }

  mutating func liftReshape(_ node: inout Node) {
    guard opset < 5, let shape = node.integers("shape") else { return }
    node.inputs = [node.inputs[0], constant(Constant(integers: shape))]
    node.attributes["shape"] = nil
  }

  mutating func liftCast(_ node: inout Node) {
    guard let name = node.text("to")?.lowercased() else { return }
    let type =
      ["float": ElementType.float32, "double": .float64][name] ?? ElementType(rawValue: name)
    if let type { node.attributes["to"] = .integer(type.onnx.rawValue) }
  }

  mutating func liftSplit(_ node: inout Node) {
    if opset < 13, let sizes = node.integers("split") {
      node.inputs = [node.inputs[0], constant(Constant(integers: sizes))]
      node.attributes["split"] = nil
    }
    node.attributes["num_outputs"] = nil
  }
}
