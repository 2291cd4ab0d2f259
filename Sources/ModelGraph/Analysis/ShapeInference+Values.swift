/// Small values that are worked out from others: sizes, axes, factors.
extension ShapeInference {
  /// What a node makes of known numbers; nil where it is not known.
  func value(of node: Node) -> KnownValue? {
    guard let output = node.outputs.first, let shape = shapes[output],
      shape.reduce(1, *) <= Self.maximumElements
    else { return nil }
    let first = node.input(0).flatMap { known[$0] }
    switch node.op {
    case "Shape":
      guard let sizes = node.input(0).flatMap({ shapes[$0] }) else { return nil }
      return KnownValue(sizes[Self.axes(node, sizes.count)].map(Double.init), .int64)
    case "Size":
      guard let sizes = node.input(0).flatMap({ shapes[$0] }) else { return nil }
      return KnownValue([sizes.reduce(1.0) { $0 * Double($1) }], .int64)
    case "Identity", "Squeeze", "Unsqueeze", "Reshape", "Flatten": return first
    case "Cast":
      guard let first, let type = node.integer("to").flatMap({ ElementType(onnx: $0) }) else {
        return nil
      }
      return KnownValue(
        first.elements.map { type.isFloatingPoint ? $0 : $0.rounded(.towardZero) }, type)
    case "Floor": return first?.mapped { $0.rounded(.down) }
    case "Ceil": return first?.mapped { $0.rounded(.up) }
    case "Round": return first?.mapped { $0.rounded(.toNearestOrEven) }
    case "Neg": return first?.mapped { -$0 }
    case "Sqrt": return first?.mapped { $0.squareRoot() }
    case "Transpose", "Slice", "Gather", "Expand": return picked(node, first, shape)
    case "Concat": return joined(node, shape)
    case "ConstantOfShape":
      guard case .constant(let value) = node.attributes["value"] ?? .constant(Constant([0])),
        let number = KnownValue(value, maximum: 1), let element = number.elements.first
      else { return nil }
      return KnownValue(
        [Double](repeating: element, count: shape.reduce(1, *)), number.type)
    case "Add", "Sub", "Mul", "Div", "Mod", "Min", "Max", "Equal", "Greater", "Less":
      return arithmetic(node)
    case "Where":
      guard let first, let a = node.input(1).flatMap({ known[$0] }),
        let b = node.input(2).flatMap({ known[$0] }), first.elements.count == a.elements.count,
        a.elements.count == b.elements.count
      else { return nil }
      return KnownValue(
        first.elements.indices.map { first.elements[$0] != 0 ? a.elements[$0] : b.elements[$0] },
        a.type)
    default: return nil
    }
  }

  /// The axes that a `Shape` tells the sizes of.
  static func axes(_ node: Node, _ count: Int) -> Range<Int> {
    range(node.integer("start") ?? 0, node.integer("end") ?? count, count)
  }

  /// The part of `0..<count` that a slice with step 1 keeps.
  static func range(_ start: Int, _ end: Int, _ count: Int) -> Range<Int> {
    let first = min(max(start < 0 ? start &+ count : start, 0), count)
    let last = min(max(end < 0 ? end &+ count : end, 0), count)
    return first..<max(first, last)
  }

  private func arithmetic(_ node: Node) -> KnownValue? {
    guard node.inputs.count == 2, let a = node.input(0).flatMap({ known[$0] }),
      let b = node.input(1).flatMap({ known[$0] }), !a.elements.isEmpty, !b.elements.isEmpty
    else { return nil }
    let (x, y) = (a.elements, b.elements)
    guard x.count == y.count || x.count == 1 || y.count == 1 else { return nil }
    let isWhole = !a.type.isFloatingPoint
    let results = (0..<max(x.count, y.count)).map { index -> Double in
      let (x, y) = (x[x.count == 1 ? 0 : index], y[y.count == 1 ? 0 : index])
      switch node.op {
      case "Add": return x + y
      case "Sub": return x - y
      case "Mul": return x * y
      case "Min": return min(x, y)
      case "Max": return max(x, y)
      case "Mod": return x - (x / y).rounded(.down) * y
      case "Equal": return x == y ? 1 : 0
      case "Greater": return x > y ? 1 : 0
      case "Less": return x < y ? 1 : 0
      default: return isWhole ? (x / y).rounded(.towardZero) : x / y
      }
    }
    let isTruth = ["Equal", "Greater", "Less"].contains(node.op)
    return KnownValue(results, isTruth ? .bool : a.type)
  }
}

extension ShapeInference {
  private func joined(_ node: Node, _ shape: [Int]) -> KnownValue? {
    let parts = node.inputs.compactMap { known[$0] }
    let sizes = node.inputs.compactMap { shapes[$0] }
    guard parts.count == node.inputs.count, let type = parts.first?.type,
      let axis = node.integer("axis").map({ $0 < 0 ? $0 &+ shape.count : $0 }),
      shape.indices.contains(axis)
    else { return nil }
    // Rows of all parts, one after the other.
    var elements: [Double] = []
    for row in 0..<shape[..<axis].reduce(1, *) {
      for (part, size) in zip(parts, sizes) {
        let length = size[axis...].reduce(1, *)
        elements += part.elements[(row * length)..<((row + 1) * length)]
      }
    }
    return KnownValue(elements, type)
  }

  /// An operation each of whose elements is one of its input's.
  private func picked(_ node: Node, _ value: KnownValue?, _ shape: [Int]) -> KnownValue? {
    guard let value, let input = node.input(0).flatMap({ shapes[$0] }) else { return nil }
    var source: ([Int]) -> [Int]
    switch node.op {
    case "Transpose":
      let order = node.integers("perm") ?? Array(input.indices.reversed())
      source = { place in
        var result = place
        for (axis, from) in order.enumerated() { result[from] = place[axis] }
        return result
      }
    case "Expand":
      let shift = shape.count - input.count
      source = { place in input.indices.map { input[$0] == 1 ? 0 : place[$0 + shift] } }
    case "Gather":
      guard let indices = integers(node, 1),
        let rank = node.input(1).flatMap({ shapes[$0] })?.count,
        rank <= 1, let axis = try? self.axis(node.integer("axis") ?? 0, of: input, node)
      else { return nil }
      let wrapped = indices.map { $0 < 0 ? $0 &+ input[axis] : $0 }
      guard wrapped.allSatisfy((0..<input[axis]).contains) else { return nil }
      source = { place in
        var result = place
        if rank == 0 { result.insert(0, at: axis) }
        result[axis] = wrapped[rank == 0 ? 0 : place[axis]]
        return result
      }
    default:
      guard let slices = slices(node) else { return nil }
      source = { place in
        var result = place
        for slice in slices {
          let first = Self.places(slice.start, slice.end, slice.step, input[slice.axis]).first
          result[slice.axis] = first + place[slice.axis] * slice.step
        }
        return result
      }
    }
    let count = shape.reduce(1, *)
    var elements: [Double] = []
    for index in 0..<count {
      var rest = index
      var place = [Int](repeating: 0, count: shape.count)
      for axis in shape.indices.reversed() {
        place[axis] = rest % shape[axis]
        rest /= shape[axis]
      }
      let offset = zip(source(place), input).reduce(0) { $0 * $1.1 + $1.0 }
      guard value.elements.indices.contains(offset) else { return nil }
      elements.append(value.elements[offset])
    }
    return KnownValue(elements, value.type)
  }
}

extension KnownValue {
  fileprivate func mapped(_ change: (Double) -> Double) -> KnownValue {
    KnownValue(elements.map(change), type)
  }
}

extension ElementType {
  fileprivate init?(onnx number: Int) {
    guard let number = Int32(exactly: number) else { return nil }
    self.init(onnx: number)
  }
}
