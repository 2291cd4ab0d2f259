/// Shapes by name, of which only plausible ones are seen.
struct ParameterShapes {
  private let shapes: [String: [Int]]

  init(_ source: some ParameterSource) {
    var shapes: [String: [Int]] = [:]
    for name in source.names {
      // Beyond these, sums of sizes might overflow.
      if let shape = source.shape(of: name), shape.count <= 4,
        shape.allSatisfy({ 1...0xFF_FFFF ~= $0 })
      {
        shapes[name] = shape
      }
    }
    self.shapes = shapes
  }

  subscript(name: String) -> [Int]? { shapes[name] }

  /// Whether there is a parameter of this name.
  func has(_ name: String) -> Bool { shapes[name] != nil }

  /// The weight of a convolution with square kernels, also where it is stored for a spectral norm.
  func convolution(_ prefix: String) -> [Int]? {
    let shape = shapes["\(prefix).weight"] ?? shapes["\(prefix).weight_orig"]
    return shape.flatMap { $0.count == 4 && $0[2] == $0[3] ? $0 : nil }
  }

  /// The norm called `norm` behind a convolution, and whether that has a bias.
  ///
  /// An instance norm has no parameters, but the convolution before it has a bias; without either
  /// there is no norm.
  func norm(_ norm: String, behind convolution: String) -> (NormKind, hasBias: Bool) {
    let hasBias = has("\(convolution).bias")
    if has("\(norm).weight") { return (.batch, hasBias) }
    return (hasBias ? .instance : .none, hasBias)
  }

  /// How many of the names that `name` makes of 0, 1 and so on there are in a row.
  func count(_ name: (Int) -> String) -> Int {
    var count = 0
    while has(name(count)) { count += 1 }
    return count
  }
}
