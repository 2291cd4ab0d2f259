/// A number of a network that is as large as something of the picture that it was exported with, and
/// may mean that or just itself.
struct SizeReading: Hashable {
  enum Part: Hashable {
    case size, kernel
    case start(axis: Int)
    case end(axis: Int)
  }

  /// Place of the operation in the graph.
  var node: Int
  var part: Part
  /// The number, and the size that it was seen with.
  var numbers: [Int]

  /// Whether a network of any size would not be what was written: a start stays as it is.
  var isChanged: Bool { if case .start = part { false } else { true } }
}

/// Operations that hold sizes or places of the picture as numbers.
extension Generalization {
  /// An end that no picture reaches: exporters write it for "to the end".
  static let farEnd = 1 << 30

  /// Notes that a number may mean two things; whether the second is to be tried.
  mutating func isSwapped(_ reading: SizeReading) -> Bool {
    readings.append(reading)
    return swapped.contains(reading)
  }

  private func isConstant(_ name: String?) -> Bool {
    name.map { graph.constants[$0] != nil } ?? true
  }

  /// A size, or a factor worked out of one, becomes a factor.
  mutating func resize(_ node: Node, _ index: Int) -> Node {
    let (input, output) = (shape(node.input(0)), shape(node.outputs[0]))
    let isFixed = node.input(2).map { graph.constants[$0] != nil } ?? false
    guard input.count == 4, node.input(3) != nil || !isFixed else { return node }
    if !isOpen, let sizes = node.input(3), graph.constants[sizes] != nil {
      let reading = SizeReading(
        node: index, part: .size, numbers: Array(input[2...] + output[2...]))
      if isSwapped(reading) { return node }
    }
    var result = node
    let scales = zip(input, output).map { Float($1) / Float($0) }
    result.inputs = [node.inputs[0], "", constant(Constant(scales))]
    return result
  }

  /// A pool whose kernel is the whole picture.
  mutating func globalPool(_ node: Node, _ index: Int) -> Node? {
    let (input, output) = (shape(node.input(0)), shape(node.outputs[0]))
    guard !isOpen, input.count == 4, Array(output.dropFirst(2)) == [1, 1], input[2] * input[3] > 1,
      node.integers("kernel_shape") == Array(input[2...]),
      (node.integers("pads") ?? []).allSatisfy({ $0 == 0 }),
      (node.integers("dilations") ?? []).allSatisfy({ $0 == 1 }), node.outputs.count == 1,
      !isSwapped(SizeReading(node: index, part: .kernel, numbers: Array(input[2...])))
    else { return nil }
    return Node(
      node.op == "MaxPool" ? "GlobalMaxPool" : "GlobalAveragePool", name: node.name,
      inputs: node.inputs, outputs: node.outputs)
  }

  /// A size of the output becomes what is cut off at the borders.
  mutating func transposedConvolution(_ node: Node, _ index: Int) throws(ModelError) -> Node {
    var result = try explicitPads(node)
    guard let size = node.integers("output_shape"), size.count == 2 else { return result }
    let reading = SizeReading(node: index, part: .size, numbers: size)
    guard !isOpen, !isSwapped(reading) else { return node }
    let slidings = try shapes.sliding(node)
    let input = shape(node.input(0))
    var pads = [0, 0, 0, 0]
    var more = [0, 0]
    for axis in 0..<2 {
      let sliding = slidings[axis]
      let total =
        (input[axis + 2] - 1) * sliding.stride + sliding.extent + sliding.outputPadding - size[axis]
      more[axis] = sliding.outputPadding + max(0, -total)
      // The odd pixel is cut off in front, or at the end for SAME_UPPER.
      let half = max(0, total) / 2
      let isUpper = node.text("auto_pad") == "SAME_UPPER"
      pads[axis] = isUpper ? half : max(0, total) - half
      pads[axis + 2] = max(0, total) - pads[axis]
    }
    result.attributes["output_shape"] = nil
    result.attributes["pads"] = .integers(pads)
    result.attributes["output_padding"] = .integers(more)
    return result
  }

  /// Places that are worked out of the size, or may be, become distances from the far border.
  mutating func slice(_ node: Node, _ index: Int) -> Node {
    let input = shape(node.input(0))
    guard input.count == 4, let slices = shapes.slices(node) else { return node }
    let (isStartGiven, isEndGiven) = (isConstant(node.input(1)), isConstant(node.input(2)))
    var (starts, ends) = (slices.map(\.start), slices.map(\.end))
    for (place, slice) in slices.enumerated() where slice.axis >= 2 {
      let size = input[slice.axis]
      if slice.end >= Self.farEnd {
        ends[place] = Int(Int32.max)
      } else if slice.end > 0, !isEndGiven || !isOpen {
        let reading = SizeReading(
          node: index, part: .end(axis: slice.axis), numbers: [slice.end, size])
        if !isEndGiven || !isSwapped(reading) {
          ends[place] = slice.end >= size ? Int(Int32.max) : slice.end - size
        }
      }
      // As much from the near border as from the far one is a border of the network's own.
      if slice.start > 0, slice.start != -slice.end {
        let reading = SizeReading(
          node: index, part: .start(axis: slice.axis), numbers: [slice.start, size])
        if !isStartGiven || !isOpen && isSwapped(reading) {
          starts[place] = min(slice.start - size, -1)
        }
      }
    }
    var result = node
    result.inputs[1] = constant(Constant(integers: starts))
    result.inputs[2] = constant(Constant(integers: ends))
    return result
  }
}
