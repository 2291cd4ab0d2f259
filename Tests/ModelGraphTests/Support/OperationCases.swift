import ModelGraph

/// Single operations in every form that matters for what a pixel depends on.
enum OperationCases {
  struct Case: CustomStringConvertible, Sendable {
    let description: String
    let graph: Graph
    /// Side at which the sizes of all values are whole.
    var side = 48
  }

  static let all = resizes + slidings + others

  static let resizes: [Case] = {
    var cases: [Case] = []
    func add(_ factor: Float, _ title: String, _ attributes: [String: Attribute]) {
      var small = SmallGraph()
      small.weighted("Conv", [1, 1, 3, 3], ["pads": .integers([1, 1, 1, 1])])
      small.add("Resize", [nil, Constant([1, 1, factor, factor])], attributes)
      small.weighted("Conv", [1, 1, 3, 3], ["pads": .integers([1, 1, 1, 1])])
      cases.append(Case(description: "Resize \(factor) \(title)", graph: small.graph))
    }
    for factor: Float in [2, 3, 4, 1.5, 0.5, 0.25] {
      for coordinates in ["asymmetric", "half_pixel"] {
        for mode in ["floor", "ceil", "round_prefer_floor", "round_prefer_ceil"] {
          add(
            factor, "nearest \(coordinates) \(mode)",
            [
              "mode": .text("nearest"), "coordinate_transformation_mode": .text(coordinates),
              "nearest_mode": .text(mode),
            ])
        }
        for mode in ["linear", "cubic"] {
          add(
            factor, "\(mode) \(coordinates)",
            ["mode": .text(mode), "coordinate_transformation_mode": .text(coordinates)])
        }
      }
    }
    return cases
  }()

  static let slidings: [Case] = {
    var cases: [Case] = []
    func add(_ op: String, _ kernel: [Int]?, _ numbers: [String: [Int]]) {
      var small = SmallGraph()
      var attributes = numbers.mapValues { Attribute.integers($0) }
      if let kernel, op.hasPrefix("Conv") {
        small.weighted(op, [1, 1] + kernel, attributes)
      } else {
        attributes["kernel_shape"] = .integers(kernel ?? [])
        small.add(op, [], attributes)
      }
      // A pool alone would not show where the next layer's phase lies.
      small.weighted("Conv", [1, 1, 2, 3], ["pads": .integers([0, 1, 1, 1])])
      let title = numbers.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      cases.append(
        Case(
          description: "\(op) \(kernel ?? []) \(title.joined(separator: " "))", graph: small.graph))
    }
    add("Conv", [3, 5], ["pads": [1, 2, 1, 2]])
    add("Conv", [2, 4], ["pads": [0, 1, 1, 2]])
    add("Conv", [4, 4], ["pads": [1, 1, 1, 1], "strides": [2, 2]])
    add("Conv", [3, 3], ["pads": [2, 2, 2, 2], "dilations": [2, 2]])
    add("Conv", [3, 2], ["pads": [3, 0, 3, 2], "dilations": [3, 2]])
    add("Conv", [3, 3], ["pads": [1, 1, 1, 1], "strides": [3, 3]])
    add("Conv", [1, 1], ["strides": [2, 2]])
    add("Conv", [3, 3], [:])
    for op in ["MaxPool", "AveragePool"] {
      add(op, [2, 2], ["strides": [2, 2]])
      add(op, [3, 3], ["strides": [2, 2], "pads": [1, 1, 1, 1]])
      add(op, [3, 2], ["strides": [2, 2], "pads": [1, 0, 0, 0]])
      add(op, [3, 3], ["strides": [2, 2], "pads": [0, 0, 1, 1]])
      add(op, [3, 5], ["strides": [1, 1], "pads": [1, 2, 1, 2]])
    }
    add("ConvTranspose", [2, 2], ["strides": [2, 2]])
    add(
      "ConvTranspose", [3, 3],
      ["strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 1]])
    add("ConvTranspose", [3, 3], ["strides": [2, 2], "pads": [0, 0, 1, 1]])
    add("ConvTranspose", [4, 4], ["strides": [2, 2], "pads": [1, 1, 1, 1]])
    add("ConvTranspose", [4, 4], ["strides": [4, 4]])
    add("ConvTranspose", [3, 3], ["pads": [1, 1, 1, 1]])
    add("ConvTranspose", [5, 5], ["strides": [3, 3], "pads": [1, 1, 1, 1]])
    add("ConvTranspose", [6, 2], ["strides": [2, 2], "pads": [2, 0, 2, 0]])
    add("ConvTranspose", [1, 1], ["strides": [2, 2], "output_padding": [1, 1]])
    add(
      "ConvTranspose", [3, 3],
      ["strides": [2, 2], "dilations": [2, 2], "pads": [2, 2, 1, 1]])
    return cases
  }()

  static let others: [Case] = {
    var cases: [Case] = []
    for mode in ["CRD", "DCR"] {
      var small = SmallGraph()
      small.weighted("Conv", [4, 1, 3, 3], ["pads": .integers([1, 1, 1, 1])])
      small.add("DepthToSpace", [], ["blocksize": .integer(2), "mode": .text(mode)])
      small.weighted("Conv", [1, 1, 3, 3], ["pads": .integers([1, 1, 1, 1])])
      cases.append(Case(description: "DepthToSpace \(mode)", graph: small.graph))
    }
    for block in [2, 3] {
      var small = SmallGraph()
      small.add("SpaceToDepth", [], ["blocksize": .integer(block)])
      small.weighted("Conv", [1, block * block, 3, 3], ["pads": .integers([1, 1, 1, 1])])
      cases.append(Case(description: "SpaceToDepth \(block)", graph: small.graph))
    }
    for (title, starts, ends, steps) in [
      ("crop", [2, 1], [-2, -1], [1, 1]), ("crop behind", [0, 0], [-3, -2], [1, 1]),
      ("every second", [0, 0], [1 << 40, 1 << 40], [2, 2]),
      ("every second from the next", [1, 1], [1 << 40, 1 << 40], [2, 2]),
    ] {
      var small = SmallGraph()
      small.add("Pad", [Constant(integers: [0, 0, 2, 2, 0, 0, 2, 2])], ["mode": .text("reflect")])
      small.weighted("Conv", [1, 1, 3, 3])
      small.add("Slice", [starts, ends, [2, 3], steps].map { Constant(integers: $0) })
      small.weighted("Conv", [1, 1, 3, 3], ["pads": .integers([1, 1, 1, 1])])
      cases.append(Case(description: "Slice \(title)", graph: small.graph))
    }
    for (title, pads) in [
      ("grows", [0, 0, 3, 1, 0, 0, 2, 1]), ("crops", [0, 0, -1, -2, 0, 0, 0, 0]),
    ] {
      var small = SmallGraph()
      small.add("Pad", [Constant(integers: pads)])
      small.weighted("Conv", [1, 1, 3, 3])
      cases.append(Case(description: "Pad \(title)", graph: small.graph))
    }
    return cases
  }()
}
