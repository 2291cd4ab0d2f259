/// Follows the image through a graph: which values are pictures, at what scale, and which
/// operations look at all of a picture at once.
public struct SpatialAnalysis: Sendable {
  /// The pictures by the name of the value.
  public private(set) var values: [String: SpatialValue] = [:]
  /// Operations that depend on the whole picture, in the order in which they run.
  public private(set) var statistics: [Statistic] = []
  let shapes: ShapeInference
  private var sizeDependent: Set<String> = []

  /// Sizes by the name of the value, at the size that was followed.
  public var shapesByName: [String: [Int]] { shapes.shapes }

  static let action = "finding out what a pixel of the result depends on"

  /// Follows `graph` at the sizes of `shapes`; throws at the first operation that does not treat
  /// every place of the image alike.
  public init(_ graph: Graph, shapes: ShapeInference) throws(ModelError) {
    self.shapes = shapes
    for input in graph.inputs where shapes.shapes[input.name]?.count == 4 {
      values[input.name] = .image
    }
    for node in graph.nodes {
      let pictures = node.inputs.filter { values[$0] != nil }
      if node.op == "Shape" {
        sizeDependent.formUnion(node.outputs)
      } else if pictures.isEmpty {
        if node.inputs.contains(where: sizeDependent.contains) {
          sizeDependent.formUnion(node.outputs)
        }
      } else {
        try follow(node)
      }
    }
    for output in graph.outputs {
      guard let value = values[output] else {
        throw ModelError(Self.action, "the output \(output) is no picture")
      }
      guard value.axes != [3, 2] else {
        throw ModelError(
          Self.action, "the output \(output) has columns for rows, which no windows can have",
          isFinal: true)
      }
    }
  }

  func fault(_ node: Node, _ reason: String) -> ModelError {
    ModelError(Self.action, "\(node.title) \(reason)")
  }

  /// Refuses a node under which a pixel depends on where in the picture it lies.
  private func placeFault(_ node: Node, _ reason: String) -> ModelError {
    ModelError(
      Self.action,
      "\(node.title) \(reason), so the network can only be run on whole pictures, which is not"
        + " possible yet", isFinal: true)
  }

  private mutating func follow(_ node: Node) throws(ModelError) {
    switch node.op {
    case "Conv", "MaxPool", "AveragePool", "LpPool":
      let slidings = try shapes.sliding(node)
      let first = slidings.map { Double($0.extent - 1) / 2 - Double($0.padBefore) }
      try set(node, plane(node).moved(first: first, step: step(slidings, node)))
    case "ConvTranspose":
      guard node.attributes["output_shape"] == nil else {
        throw placeFault(node, "makes pictures of one size, whatever the image's")
      }
      let slidings = try shapes.sliding(node)
      let stride = try step(slidings, node)
      let first = slidings.map {
        (Double($0.padBefore) - Double($0.extent - 1) / 2) / Double($0.stride)
      }
      try set(
        node, plane(node).moved(first: first, step: Ratio(stride.denominator, stride.numerator)))
    case "Pad":
      let value = try picture(node)
      let pads = shapes.integers(node, 1) ?? []
      guard ["constant", "reflect", "edge"].contains(node.text("mode") ?? "constant") else {
        throw placeFault(node, "continues the picture from its far border")
      }
      try set(node, value.moved(first: value.axes.map { -Double(pads[$0]) }, step: .one))
    case "Resize": try followResize(node)
    case "Slice": try followSlice(node)
    case "DepthToSpace":
      let block = Double(node.integer("blocksize") ?? 1)
      let first = [Double](repeating: -(block - 1) / 2 / block, count: 2)
      try set(node, plane(node).moved(first: first, step: Ratio(1, Int(block))))
    case "SpaceToDepth":
      let block = Double(node.integer("blocksize") ?? 1)
      let first = [Double](repeating: (block - 1) / 2, count: 2)
      try set(node, plane(node).moved(first: first, step: Ratio(Int(block), 1)))
    case "Concat", "Split", "Gather":
      let value = try common(node)
      let axis = try shapes.axis(
        node.integer("axis") ?? (node.op == "Concat" ? 1 : 0), of: shapes.shape(node, 0), node)
      guard !value.axes.contains(axis), node.op != "Gather" || isVector(node.input(1)),
        node.op != "Concat" || node.inputs.allSatisfy({ values[$0] != nil })
      else { throw placeFault(node, "joins or picks parts of a picture") }
      try set(node, value)
    case "Transpose":
      var value = try picture(node)
      let order = node.integers("perm") ?? []
      guard let row = order.firstIndex(of: value.rowAxis),
        let column = order.firstIndex(of: value.columnAxis)
      else { throw placeFault(node, "turns the picture over") }
      (value.rowAxis, value.columnAxis) = (row, column)
      try set(node, value)
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze": try followReshape(node)
    case "InstanceNormalization", "GroupNormalization", "GlobalAveragePool", "GlobalMaxPool",
      "ReduceMean", "ReduceMax", "ReduceMin", "ReduceSum", "ReduceL1", "ReduceL2",
      "ReduceSumSquare", "ReduceProd", "LayerNormalization":
      try followStatistic(node)
    case "MatMul":
      let value = try picture(node)
      let rank = try shapes.shape(node, 0).count
      guard node.input(1).map({ values[$0] == nil }) ?? false, !value.axes.contains(rank - 1) else {
        throw fault(node, "mixes all places of the picture")
      }
      try set(node, value)
    case "Softmax", "LogSoftmax", "LpNormalization":
      let value = try picture(node)
      let shape = try shapes.shape(node, 0)
      let axis = try shapes.axis(node.integer("axis") ?? -1, of: shape, node)
      guard !value.axes.contains(axis) else { throw fault(node, "runs along the picture") }
      try set(node, value)
    case "Gemm", "CumSum", "Trilu", "ArgMax", "ArgMin", "Expand", "Tile",
      "MeanVarianceNormalization":
      throw fault(node, "mixes all places of the picture")
    default: try set(node, common(node))
    }
  }

  private mutating func set(_ node: Node, _ value: SpatialValue) throws(ModelError) {
    guard value.scale.numerator < 1 << 16, value.scale.denominator < 1 << 16 else {
      throw fault(node, "changes the scale too far")
    }
    for output in node.outputs where !output.isEmpty { values[output] = value }
  }

  private func picture(_ node: Node) throws(ModelError) -> SpatialValue {
    guard let value = node.input(0).flatMap({ values[$0] }) else {
      throw fault(node, "does not work on the picture")
    }
    return value
  }

  /// The picture that an operation on NCHW slides over.
  private func plane(_ node: Node) throws(ModelError) -> SpatialValue {
    let value = try picture(node)
    guard value.axes == [2, 3], try shapes.shape(node, 0).count == 4 else {
      throw fault(node, "works on axes that are not the picture's rows and columns")
    }
    guard node.inputs.dropFirst().allSatisfy({ values[$0] == nil }) else {
      throw fault(node, "has weights that are made of the picture")
    }
    return value
  }

  private func isVector(_ name: String?) -> Bool {
    name.flatMap { shapes.shapes[$0] }?.count == 1
  }

  private func step(
    _ slidings: [ShapeInference.Sliding], _ node: Node
  ) throws(ModelError) -> Ratio {
    guard slidings[0].stride == slidings[1].stride else {
      throw fault(node, "has strides that differ between rows and columns")
    }
    return Ratio(slidings[0].stride, 1)
  }

  /// The picture that all pictures among the operands are, the rest being the same everywhere.
  private func common(_ node: Node) throws(ModelError) -> SpatialValue {
    let rank = node.outputs.first.flatMap { shapes.shapes[$0] }?.count ?? 4
    // The other operands of these are no pictures and are not broadcast.
    let isAlone = ["Gather", "BatchNormalization", "Split"].contains(node.op)
    var result: SpatialValue?
    for (index, input) in node.inputs.enumerated() where !input.isEmpty {
      let shape = try shapes.shape(node, index)
      // Broadcasting aligns the last axes.
      let shift = isAlone ? 0 : rank - shape.count
      guard var value = values[input] else { continue }
      value.rowAxis += shift
      value.columnAxis += shift
      if let found = result, found.axes != value.axes || found.scale != value.scale {
        throw fault(
          node, "joins pictures of \(found.scale) and \(value.scale) times the image's size")
      }
      if result == nil { result = value }
    }
    guard let result else { throw fault(node, "does not work on the picture") }
    if isAlone { return result }
    for (index, input) in node.inputs.enumerated() where !input.isEmpty && values[input] == nil {
      let shape = try shapes.shape(node, index)
      guard !sizeDependent.contains(input) else {
        let places = result.axes.map { $0 - (rank - shape.count) }
        guard places.allSatisfy({ $0 < 0 || shape[$0] == 1 }) else {
          throw placeFault(node, "joins the picture with numbers that depend on the place in it")
        }
        throw fault(node, "joins the picture with a number that depends on its size")
      }
      for axis in result.axes where axis - (rank - shape.count) >= 0 {
        guard shape[axis - (rank - shape.count)] == 1 else {
          throw fault(node, "joins the picture with one of a fixed size")
        }
      }
    }
    return result
  }
}

extension SpatialAnalysis {
  private mutating func followResize(_ node: Node) throws(ModelError) {
    let value = try picture(node)
    let scale = try resizeScale(node)
    let coordinates = node.text("coordinate_transformation_mode") ?? "half_pixel"
    let factor = scale.value
    let first: Double
    switch coordinates {
    case "asymmetric":
      // Every place is repeated to its right: the middle of the copies is where it was.
      let isRepeated = node.text("mode") ?? "nearest" == "nearest" && factor > 1
      first = isRepeated ? -(factor - 1) / 2 / factor : 0
    case "half_pixel", "pytorch_half_pixel", "half_pixel_symmetric": first = 0.5 / factor - 0.5
    default:
      guard scale == .one else {
        throw fault(node, "is resized by '\(coordinates)', which depends on the size of the image")
      }
      first = 0
    }
    try set(
      node,
      value.moved(first: [first, first], step: Ratio(scale.denominator, scale.numerator)))
  }

  /// The factor of a resize, the same for rows and columns.
  func resizeScale(_ node: Node) throws(ModelError) -> Ratio {
    let value = try picture(node)
    let input = try shapes.shape(node, 0)
    guard let output = node.outputs.first.flatMap({ shapes.shapes[$0] }) else {
      throw fault(node, "has no known size")
    }
    if let sizes = node.input(3), !sizeDependent.contains(sizes) {
      throw placeFault(node, "resizes to one size, whatever the image's")
    }
    var scales = value.axes.map { Ratio(output[$0], input[$0]) }
    if let exact = shapes.numbers(node, 2), exact.count == input.count {
      scales = value.axes.map {
        Ratio(approximating: exact[$0]) ?? scales[$0 == value.rowAxis ? 0 : 1]
      }
    }
    guard scales.allSatisfy({ max($0.numerator, $0.denominator) <= 64 }) else {
      throw fault(node, "resizes by a factor that is no simple fraction")
    }
    for axis in input.indices where !value.axes.contains(axis) && input[axis] != output[axis] {
      throw fault(node, "resizes channels")
    }
    guard scales[0] == scales[1] else {
      throw fault(node, "resizes rows and columns by different factors")
    }
    return scales[0]
  }

  private mutating func followSlice(_ node: Node) throws(ModelError) {
    let value = try picture(node)
    guard let slices = shapes.slices(node) else { throw fault(node, "has no known range") }
    var first: [Double] = [0, 0]
    var steps = [1, 1]
    for slice in slices {
      guard let direction = value.axes.firstIndex(of: slice.axis) else { continue }
      guard slice.start >= 0 else {
        throw placeFault(node, "starts at a distance from the far border")
      }
      guard slice.end < 0 || slice.end >= Generalization.farEnd || slice.step < 0 else {
        throw placeFault(node, "cuts the picture off at a place, however large it is")
      }
      guard slice.step > 0 else { throw placeFault(node, "turns the picture over") }
      first[direction] = Double(slice.start)
      steps[direction] = slice.step
    }
    guard steps[0] == steps[1] else { throw fault(node, "has steps that differ") }
    try set(node, value.moved(first: first, step: Ratio(steps[0], 1)))
  }

  private mutating func followReshape(_ node: Node) throws(ModelError) {
    var value = try picture(node)
    let input = try shapes.shape(node, 0)
    guard let output = node.outputs.first.flatMap({ shapes.shapes[$0] }) else {
      throw fault(node, "has no known size")
    }
    if node.op == "Reshape" || node.op == "Flatten" {
      // Channels may be regrouped in front of rows and columns.
      guard value.axes == [input.count - 2, input.count - 1],
        output.count >= 2, Array(output.suffix(2)) == Array(input.suffix(2))
      else { throw fault(node, "takes the picture apart") }
      if let name = node.input(1), !sizeDependent.contains(name),
        let sizes = shapes.integers(node, 1), sizes.suffix(2).contains(where: { $0 > 0 })
      {
        throw fault(node, "holds the size of one picture")
      }
      (value.rowAxis, value.columnAxis) = (output.count - 2, output.count - 1)
    } else {
      let axes = (shapes.integers(node, 1) ?? []).map {
        $0 < 0 ? $0 + max(input.count, output.count) : $0
      }
      let isSqueeze = node.op == "Squeeze"
      guard !axes.isEmpty, !isSqueeze || !axes.contains(where: value.axes.contains) else {
        throw fault(node, "takes the picture apart")
      }
      func move(_ axis: Int) -> Int {
        if isSqueeze { return axis - axes.count { $0 < axis } }
        return axes.sorted().reduce(axis) { $1 <= $0 ? $0 + 1 : $0 }
      }
      (value.rowAxis, value.columnAxis) = (move(value.rowAxis), move(value.columnAxis))
    }
    try set(node, value)
  }

  private mutating func followStatistic(_ node: Node) throws(ModelError) {
    var value = try picture(node)
    let shape = try shapes.shape(node, 0)
    let kind: Statistic.Kind
    switch node.op {
    case "InstanceNormalization", "GroupNormalization":
      guard value.axes == [2, 3], shape.count == 4 else {
        throw fault(node, "normalises over more than the picture")
      }
      kind =
        node.op == "InstanceNormalization"
        ? .channelMoments : .groupMoments(groups: node.integer("num_groups") ?? 1)
      try set(node, value)
    case "GlobalAveragePool", "GlobalMaxPool":
      _ = try plane(node)
      kind = node.op == "GlobalAveragePool" ? .mean : .maximum
    case "LayerNormalization":
      let axis = try shapes.axis(node.integer("axis") ?? -1, of: shape, node)
      guard !value.axes.contains(where: { $0 >= axis }) else {
        throw fault(node, "normalises over a picture of a fixed size")
      }
      return try set(node, value)
    default:
      let axes = node.integers("axes") ?? shapes.integers(node, 1) ?? []
      if axes.isEmpty, node.integer("noop_with_empty_axes") == 1 { return try set(node, value) }
      var reduced: Set<Int> = []
      for axis in axes.isEmpty ? Array(shape.indices) : axes {
        reduced.insert(try shapes.axis(axis, of: shape, node))
      }
      let count = value.axes.count { reduced.contains($0) }
      if count == 0 {
        if node.integer("keepdims") == 0 {
          let axes = value.axes
          value.rowAxis -= reduced.count { $0 < axes[0] }
          value.columnAxis -= reduced.count { $0 < axes[1] }
        }
        return try set(node, value)
      }
      guard count == 2 else { throw fault(node, "reduces rows or columns alone") }
      guard value.axes == [2, 3], shape.count == 4 else {
        throw fault(node, "measures a picture that was taken apart")
      }
      switch node.op {
      case "ReduceMean": kind = .mean
      case "ReduceMax": kind = .maximum
      case "ReduceSum", "ReduceL1", "ReduceL2", "ReduceSumSquare":
        throw fault(node, "sums over the picture, so that it depends on the image's size")
      default: throw fault(node, "looks at the whole picture")
      }
    }
    statistics.append(
      Statistic(kind: kind, input: node.inputs[0], output: node.outputs[0], title: node.title))
  }
}

extension ShapeInference {
  /// One axis of a slice.
  struct AxisSlice {
    var axis: Int
    var start: Int
    var end: Int
    var step: Int
  }

  /// The axes that a slice cuts; nil where its numbers are not known.
  func slices(_ node: Node) -> [AxisSlice]? {
    guard let starts = integers(node, 1), let ends = integers(node, 2), starts.count == ends.count,
      let rank = node.input(0).flatMap({ shapes[$0] })?.count
    else { return nil }
    let axes = integers(node, 3) ?? Array(starts.indices)
    let steps = integers(node, 4) ?? [Int](repeating: 1, count: starts.count)
    guard axes.count == starts.count, steps.count == starts.count else { return nil }
    return axes.indices.map { place in
      AxisSlice(
        axis: axes[place] < 0 ? axes[place] + rank : axes[place], start: starts[place],
        end: ends[place], step: steps[place])
    }
  }
}
