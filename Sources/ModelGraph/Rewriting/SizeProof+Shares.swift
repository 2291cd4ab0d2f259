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

  /// Whether a number enlarges by a whole factor, as decoders do.
  func isEnlargement(_ reading: SizeReading) -> Bool {
    let (from, to) = sides(reading)
    return reading.part == .size && from != to && zip(from, to).allSatisfy { $1 % max(1, $0) == 0 }
  }

  /// Whether a size that is no whole factor meets nothing on its way to a result of another size than
  /// the picture's.
  func isFree(_ reading: SizeReading, _ forms: Graph...) -> Bool {
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

  /// Sizes and borders as shares of the picture, but those that are the network's `own`, and a pool as a
  /// grid of as many cells; to be followed by sizes, not to be run.
  func sized(
    _ rewritten: Graph, own: [SizeReading] = [], cell: SizeReading? = nil
  ) -> Graph {
    var result = rewritten
    let kept = Set(own.map { graph.nodes[$0.node].outputs[0] })
    let sizes = Set(graph.nodes.filter(isSize).map { $0.outputs[0] })
    for (index, node) in result.nodes.enumerated() {
      guard let output = node.outputs.first, let traced = shapes.shapes[output], traced.count == 4,
        !kept.contains(output)
      else { continue }
      let isCell = output == cell.map { graph.nodes[$0.node].outputs[0] }
      let isBorder = node.op == "Pad" && side(node.input(0)) != side(output)
      guard isCell || isBorder || sizes.contains(output) else { continue }
      let name = "size-proof:\(index)"
      let larger = traced[..<2] + traced[2...].map { isCell ? $0 : 2 * $0 }
      result.constants[name] = Constant(integers: Array(larger))
      result.nodes[index] = Node(
        "Resize", name: node.name, inputs: [node.inputs[0], "", "", name], outputs: [output])
    }
    return result
  }

  /// Whether the node holds the size of what it makes.
  private func isSize(_ node: Node) -> Bool {
    switch node.op {
    case "ConvTranspose": node.integers("output_shape") != nil
    case "Resize": node.input(3).map { graph.constants[$0] != nil } ?? false
    default: false
    }
  }
}
