import TesseraPlugin

/// Operators that look at a neighborhood: their kernels, strides and borders.
extension ShapeInference {
  /// Kernel, stride, dilation and padding of a convolution or a pool along one axis.
  struct Sliding: Equatable {
    var kernel = 1
    var stride = 1
    var dilation = 1
    var padBefore = 0
    var padAfter = 0
    var outputPadding = 0

    /// Pixels from the first to the last tap.
    var extent: Int { (kernel - 1) * dilation + 1 }
  }

  /// How a node slides over rows and columns.
  func sliding(_ node: Node) throws(ModelError) -> [Sliding] {
    let weight = node.op.hasPrefix("Conv") ? Array(try shape(node, 1).dropFirst(2)) : nil
    guard let kernel = node.integers("kernel_shape") ?? weight, kernel.count == 2 else {
      throw fault(node, "slides over \((weight ?? []).count) axes, pictures have two")
    }
    let strides = node.integers("strides") ?? [1, 1]
    let dilations = node.integers("dilations") ?? [1, 1]
    let pads = node.integers("pads") ?? [0, 0, 0, 0]
    let more = node.integers("output_padding") ?? [0, 0]
    let numbers = kernel + strides + dilations
    guard strides.count == 2, dilations.count == 2, pads.count == 4, more.count == 2,
      numbers.allSatisfy({ (1...1 << 16).contains($0) }),
      (pads + more).allSatisfy({ (0...1 << 16).contains($0) }), weight.map({ $0 == kernel }) ?? true
    else { throw fault(node, "has kernel \(kernel), strides \(strides) and pads \(pads)") }
    return [0, 1].map { axis in
      var sliding = Sliding(
        kernel: kernel[axis], stride: strides[axis], dilation: dilations[axis],
        padBefore: pads[axis], padAfter: pads[axis + 2], outputPadding: more[axis])
      // On sizes that are multiples of the stride, the same pads serve every size.
      let rule = node.text("auto_pad") ?? "NOTSET"
      if rule == "VALID" { (sliding.padBefore, sliding.padAfter) = (0, 0) }
      if rule.hasPrefix("SAME") {
        let total = max(0, sliding.extent - sliding.stride)
        sliding.padBefore = rule == "SAME_LOWER" ? (total + 1) / 2 : total / 2
        sliding.padAfter = total - sliding.padBefore
        if node.op == "ConvTranspose" {
          sliding.outputPadding = max(0, sliding.stride - sliding.extent)
        }
      }
      return sliding
    }
  }

  func convolution(_ node: Node) throws(ModelError) -> [Int] {
    let (input, weight) = (try picture(node), try shape(node, 1))
    let groups = node.integer("group") ?? 1
    guard weight.count == 4, groups >= 1,
      weight[1].multipliedReportingOverflow(by: groups) == (
        partialValue: input[1], overflow: false
      )
    else {
      throw fault(
        node, "has weights of \(weight) in \(groups) groups, its input has \(input[1]) channels")
    }
    guard weight[0] % groups == 0 else {
      throw fault(node, "has \(weight[0]) channels in \(groups) groups")
    }
    try checkBias(node, channels: weight[0])
    let slidings = try sliding(node)
    return [input[0], weight[0]]
      + [0, 1].map { axis in
        let sliding = slidings[axis]
        let padded = input[axis + 2] + sliding.padBefore + sliding.padAfter
        return padded < sliding.extent ? 0 : (padded - sliding.extent) / sliding.stride + 1
      }
  }

  func transposedConvolution(_ node: Node) throws(ModelError) -> [Int] {
    let (input, weight) = (try picture(node), try shape(node, 1))
    let groups = node.integer("group") ?? 1
    guard weight.count == 4, weight[0] == input[1], (1...1 << 16).contains(groups),
      weight[0] % groups == 0
    else {
      throw fault(
        node, "has weights of \(weight) in \(groups) groups, its input has \(input[1]) channels")
    }
    try checkBias(node, channels: weight[1] * groups)
    if let size = node.integers("output_shape"), size.count == 2 {
      return [input[0], weight[1] * groups] + size
    }
    let slidings = try sliding(node)
    return [input[0], weight[1] * groups]
      + [0, 1].map { axis in
        let sliding = slidings[axis]
        return (input[axis + 2] - 1) * sliding.stride + sliding.extent + sliding.outputPadding
          - sliding.padBefore - sliding.padAfter
      }
  }

  private func checkBias(_ node: Node, channels: Int) throws(ModelError) {
    guard let bias = node.input(2).flatMap({ shapes[$0] }) else { return }
    guard bias == [channels] else {
      throw fault(node, "has a bias of \(bias) for \(channels) channels")
    }
  }

  func pool(_ node: Node) throws(ModelError) -> [Int] {
    let input = try picture(node)
    let slidings = try sliding(node)
    let roundsUp = node.integer("ceil_mode") == 1
    return [input[0], input[1]]
      + [0, 1].map { axis in
        let sliding = slidings[axis]
        let room = input[axis + 2] + sliding.padBefore + sliding.padAfter - sliding.extent
        guard room >= 0 else { return 0 }
        return (room + (roundsUp ? sliding.stride - 1 : 0)) / sliding.stride + 1
      }
  }

  func pad(_ node: Node) throws(ModelError) -> [Int] {
    let input = try shape(node, 0)
    guard let pads = integers(node, 1), pads.count == 2 * input.count,
      pads.allSatisfy({ (-(1 << 20)...1 << 20).contains($0) })
    else { throw fault(node, "has no known border") }
    if node.text("mode") == "reflect" {
      for axis in input.indices {
        guard max(pads[axis], pads[axis + input.count]) < input[axis] else {
          throw fault(
            node,
            "mirrors \(max(pads[axis], pads[axis + input.count])) px of \(input[axis]); "
              + "the image is too small for this network")
        }
      }
    }
    return input.indices.map { input[$0] + pads[$0] + pads[$0 + input.count] }
  }

  func resize(_ node: Node) throws(ModelError) -> [Int] {
    let input = try shape(node, 0)
    if let sizes = integers(node, 3), !sizes.isEmpty {
      guard sizes.count == input.count else { throw fault(node, "resizes to \(sizes)") }
      return sizes
    }
    guard let scales = numbers(node, 2), scales.count == input.count,
      scales.allSatisfy({ $0 > 0 && $0 < 65536 })
    else { throw fault(node, "has no known scale") }
    return input.indices.map { Int(saturating: (Double(input[$0]) * scales[$0]).rounded(.down)) }
  }

  func slice(_ node: Node) throws(ModelError) -> [Int] {
    var result = try shape(node, 0)
    guard let starts = integers(node, 1), let ends = integers(node, 2), starts.count == ends.count
    else { throw fault(node, "has no known range") }
    let axes = integers(node, 3) ?? Array(starts.indices)
    let steps = integers(node, 4) ?? [Int](repeating: 1, count: starts.count)
    guard axes.count == starts.count, steps.count == starts.count,
      steps.allSatisfy({ $0 != 0 && (-1 << 20...1 << 20).contains($0) })
    else { throw fault(node, "has ranges that do not fit") }
    for (place, value) in axes.enumerated() {
      let axis = try self.axis(value, of: result, node)
      result[axis] = Self.places(starts[place], ends[place], steps[place], result[axis]).count
    }
    return result
  }

  /// The first place of `0..<count` that a slice takes, and how many it takes.
  static func places(
    _ start: Int, _ end: Int, _ step: Int, _ count: Int
  ) -> (first: Int, count: Int) {
    guard step < 0 else {
      let range = range(start, end, count)
      return (range.lowerBound, (range.count + step - 1) / step)
    }
    let first = min(max(start < 0 ? start &+ count : start, 0), count - 1)
    let last = min(max(end < 0 ? end &+ count : end, -1), count - 1)
    return (first, max(0, (first - last - step - 1) / -step))
  }
}
