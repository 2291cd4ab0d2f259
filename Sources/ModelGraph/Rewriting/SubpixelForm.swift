extension Graph {
  /// The network with every transposed convolution as a convolution that makes all phases of a pixel
  /// as channels, and a pixel shuffle: the same sums of the same products.
  ///
  /// Runtimes add up the taps of a transposed convolution in an order that depends on the width of
  /// the picture; those of a convolution always in the same.
  func subpixelForm() -> Graph {
    var result = self
    result.nodes = nodes.flatMap { node in
      node.op == "ConvTranspose" ? result.subpixels(node) ?? [node] : [node]
    }
    result.removeUnused()
    return result
  }

  /// The nodes that do the same; nil for dilated ones and for weights not known.
  private mutating func subpixels(_ node: Node) -> [Node]? {
    guard let weight = node.input(1).flatMap({ constants[$0] }), weight.shape.count == 4,
      weight.elementType == .float32,
      (node.integers("dilations") ?? [1, 1]) == [1, 1],
      node.text("auto_pad") ?? "NOTSET" == "NOTSET",
      node.attributes["output_shape"] == nil, let output = node.outputs.first,
      let strides = node.integers("strides"), strides.count == 2, strides[0] == strides[1],
      strides[0] > 1
    else { return nil }
    let (stride, groups) = (strides[0], node.integer("group") ?? 1)
    guard (1...weight.shape[0]).contains(groups), weight.shape[0] % groups == 0 else { return nil }
    let pads = node.integers("pads") ?? [0, 0, 0, 0]
    let more = node.integers("output_padding") ?? [0, 0]
    guard pads.count == 4, more.count == 2 else { return nil }
    let axes = [0, 1].map { axis in
      SubpixelAxis(
        kernel: weight.shape[axis + 2], stride: stride, padBefore: pads[axis],
        padAfter: pads[axis + 2], outputPadding: more[axis])
    }
    guard axes.allSatisfy(\.isPossible) else { return nil }
    var names = [node.inputs[0], "\(output):subpixel-weight"]
    constants[names[1]] = Self.subpixelWeight(weight, axes, stride: stride, groups: groups)
    if let name = node.input(2) {
      guard let bias = constants[name]?.floats else { return nil }
      names.append("\(output):subpixel-bias")
      constants[names[2]] = Constant(
        bias.flatMap { [Float](repeating: $0, count: stride * stride) })
    }
    let (phases, shuffled) = ("\(output):phases", "\(output):shuffled")
    let isWhole = axes.allSatisfy { $0.surplus == 0 }
    var result = [
      Node(
        "Conv", name: node.name, inputs: names, outputs: [phases],
        attributes: [
          "strides": .integers([1, 1]),
          "pads": .integers(axes.map(\.before) + axes.map(\.after)), "group": .integer(groups),
        ]),
      Node(
        "DepthToSpace", name: node.name, inputs: [phases], outputs: [isWhole ? output : shuffled],
        attributes: ["blocksize": .integer(stride), "mode": .text("CRD")]),
    ]
    if !isWhole {
      let ends = axes.map { $0.surplus == 0 ? Int(Int32.max) : -$0.surplus }
      let parts = [("starts", [0, 0]), ("ends", ends), ("axes", [2, 3])]
      for (part, values) in parts { constants["\(output):\(part)"] = Constant(integers: values) }
      result.append(
        Node(
          "Slice", name: node.name, inputs: [shuffled] + parts.map { "\(output):\($0.0)" },
          outputs: [output]))
    }
    return result
  }

  /// [in, out, kernel, kernel] as [out stride², in, taps, taps], the phases of a channel together;
  /// `out` is that of a group in the first, `in` in the second.
  private static func subpixelWeight(
    _ weight: Constant, _ axes: [SubpixelAxis], stride: Int, groups: Int
  ) -> Constant {
    let values = weight.floats
    let groupOutputs = weight.shape[1]
    let (inputs, outputs) = (weight.shape[0] / groups, groupOutputs * groups)
    let (rows, columns) = (axes[0], axes[1])
    let shape = [outputs * stride * stride, inputs, rows.taps, columns.taps]
    var result = [Float](repeating: 0, count: shape.reduce(1, *))
    for output in 0..<outputs {
      let (group, place) = output.quotientAndRemainder(dividingBy: groupOutputs)
      for phase in 0..<(stride * stride) {
        for row in 0..<rows.taps {
          guard let y = rows.kernelIndex(row, phase: phase / stride) else { continue }
          for column in 0..<columns.taps {
            guard let x = columns.kernelIndex(column, phase: phase % stride) else { continue }
            for input in 0..<inputs {
              let kernel = (group * inputs + input) * groupOutputs + place
              let from = (kernel * rows.kernel + y) * columns.kernel + x
              let channel = (output * stride * stride + phase) * inputs + input
              result[(channel * rows.taps + row) * columns.taps + column] = values[from]
            }
          }
        }
      }
    }
    return Constant(result, shape: shape)
  }
}

/// A transposed convolution along one axis, seen from the input.
///
/// Output o = stride q + phase gets from input i = q + d the tap phase + padBefore - stride d.
private struct SubpixelAxis {
  let kernel: Int
  private let stride: Int
  private let padBefore: Int
  private let first: Int
  private let last: Int
  /// Output pixels that the phases make beyond those of the transposed convolution.
  let surplus: Int
  /// Padding of the convolution.
  let before: Int
  let after: Int

  init(kernel: Int, stride: Int, padBefore: Int, padAfter: Int, outputPadding: Int) {
    self.kernel = kernel
    self.stride = stride
    self.padBefore = padBefore
    first = -Self.floor(kernel - 1 - padBefore, stride)
    last = Self.floor(stride - 1 + padBefore, stride)
    // The transposed convolution makes stride n + excess pixels of n.
    let excess = kernel - padBefore - padAfter + outputPadding - stride
    let groups = -Self.floor(-excess, stride)
    surplus = groups * stride - excess
    before = -first
    after = last + groups
  }

  private static func floor(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((-a + b - 1) / b) }

  /// Whether its padding can be that of a convolution.
  var isPossible: Bool { before >= 0 && after >= 0 && taps >= 1 }

  /// Taps of the convolution.
  var taps: Int { last - first + 1 }

  /// The tap of the transposed convolution that a tap of the convolution is in this phase.
  func kernelIndex(_ tap: Int, phase: Int) -> Int? {
    let index = phase + padBefore - stride * (first + tap)
    return (0..<kernel).contains(index) ? index : nil
  }
}
