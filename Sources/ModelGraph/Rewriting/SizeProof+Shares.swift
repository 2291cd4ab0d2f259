/// Numbers that lead back to the size of the picture, wherever they come from.
extension SizeProof {
  /// Pools of so many pixels are never a grid of cells over the picture.
  private static let plainKernel = 4

  private func side(_ name: String?) -> [Int] {
    name.flatMap { shapes.shapes[$0] }.map { Array($0.dropFirst(2)) } ?? []
  }

  private func sides(_ reading: SizeReading) -> (from: [Int], to: [Int]) {
    let node = graph.nodes[reading.node]
    return (side(node.input(0)), side(node.outputs.first))
  }

  func isReduction(_ reading: SizeReading) -> Bool {
    let (from, to) = sides(reading)
    return reading.part == .size && zip(from, to).contains { $0 > $1 }
  }

  /// Whether a number enlarges by a whole factor, as decoders do; a transposed convolution by its stride,
  /// of which borders are cut off.
  func isEnlargement(_ reading: SizeReading) -> Bool {
    let (from, to) = sides(reading)
    if graph.nodes[reading.node].op == "ConvTranspose" {
      return zip(from, to).allSatisfy { $0 < $1 }
    }
    return reading.part == .size && from != to && zip(from, to).allSatisfy { $1 % max(1, $0) == 0 }
  }

  /// Whether a size that is no whole factor meets nothing on its way to a result of another size than
  /// the picture's.
  func isFree(_ reading: SizeReading, _ forms: [Graph]) -> Bool {
    let results = graph.outputs.map(side)
    guard reading.part == .size, !isEnlargement(reading),
      !doubled.values.contains(where: { results.contains($0.dropFirst(2).map { $0 / 2 }) })
    else { return false }
    return forms.contains { (try? ShapeInference($0, inputShapes: doubled)) != nil }
  }

  /// Pools that may be a grid of as many cells over a picture of any size.
  var cells: [SizeReading] {
    graph.nodes.enumerated().compactMap { index, node in
      guard ["AveragePool", "MaxPool"].contains(node.op),
        let kernel = node.integers("kernel_shape"), kernel == node.integers("strides"),
        kernel.allSatisfy({ $0 > Self.plainKernel }),
        (node.integers("pads") ?? []).allSatisfy({ $0 == 0 }),
        zip(side(node.input(0)), kernel).allSatisfy({ $0 % $1 == 0 && $0 > $1 })
      else { return nil }
      return SizeReading(node: index, part: .kernel, numbers: kernel)
    }
  }

  /// What the sizes of values become in a picture twice as large, borders of the network's own counted
  /// once; of equal ones the first.
  func sizes(_ larger: ShapeInference) -> [[Int]: [Int]] {
    var sizes: [[Int]: [Int]] = [:]
    for name in graph.inputs.map(\.name) + graph.nodes.flatMap(\.outputs) {
      guard let found = larger.shapes[name], found.count == 4, sizes[side(name)] == nil else {
        continue
      }
      sizes[side(name)] = Array(found[2...])
    }
    return sizes
  }

  /// Sizes as shares of the picture, but those that are the network's `own`, and a pool as a grid of as
  /// many cells; to be followed by sizes, not to be run.
  ///
  /// Borders are the network's own, and then sizes those of other values of the same size; or shares where
  /// their sides differ, as those are that fill up to a size; or shares all.
  func sized(
    _ rewritten: Graph, own: [SizeReading] = [], cell: SizeReading? = nil,
    _ sizes: [[Int]: [Int]]
  ) -> [Graph] {
    let kept = Set(own.map { graph.nodes[$0.node].outputs[0] })
    let shared = graph.nodes.filter { isSize($0) && !kept.contains($0.outputs[0]) }
    let borders = graph.nodes.filter {
      $0.op == "Pad" && side($0.input(0)) != side($0.outputs.first)
    }
    return [[], borders.filter { !isEven($0) }, borders].map { borders in
      var form = rewritten
      for node in shared + borders {
        let size = side(node.outputs[0])
        let double = size.map { 2 * $0 }
        put(borders.isEmpty ? sizes[size] ?? double : double, for: node.outputs[0], in: &form)
      }
      if let cell {
        let output = graph.nodes[cell.node].outputs[0]
        put(side(output), for: output, in: &form)
      }
      return form
    }
  }

  /// Puts a resize to `size` in the place of what makes a value.
  private func put(_ size: [Int], for output: String, in form: inout Graph) {
    guard let traced = shapes.shapes[output], traced.count == 4,
      let index = form.nodes.firstIndex(where: { $0.outputs.first == output })
    else { return }
    let name = "size-proof:\(index)"
    form.constants[name] = Constant(integers: traced[..<2] + size)
    let node = form.nodes[index]
    form.nodes[index] = Node(
      "Resize", name: node.name, inputs: [node.inputs[0], "", "", name], outputs: [output])
  }

  /// Whether a border is as wide on both sides.
  private func isEven(_ pad: Node) -> Bool {
    let pads = pad.integers("pads") ?? shapes.integers(pad, 1) ?? []
    return pads.count == 8 && pads[2...3] == pads[6...7]
  }

  /// Whether the node holds the size of what it makes, or is told one that is worked out of the picture.
  private func isSize(_ node: Node) -> Bool {
    switch node.op {
    case "ConvTranspose": node.integers("output_shape") != nil
    case "Resize": node.input(3) != nil
    default: false
    }
  }
}
