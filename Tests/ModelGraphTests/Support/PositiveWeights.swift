import ModelGraph

extension Graph {
  /// The network with weights above 0, shifts of 0 and no bound on its output: a picture of zeros
  /// gives zeros, and whatever a pixel reaches becomes positive.
  ///
  /// `clearsSums` makes constants that are added 0.
  func positive(clearsSums: Bool = true) -> Graph {
    var result = self
    func fill(_ name: String?, _ value: (Int) -> Float) {
      guard let name, let old = constants[name], old.elementType == .float32 else { return }
      result.constants[name] = Constant((0..<old.count).map(value), shape: old.shape)
    }
    for node in nodes {
      switch node.op {
      case "Conv", "ConvTranspose":
        let shape = node.input(1).flatMap { constants[$0]?.shape } ?? []
        let bound = 1 / Float(max(shape.dropFirst().reduce(1, *), 1)).squareRoot()
        fill(node.input(1)) { bound * (0.5 + Float($0 * 7 % 11) / 22) }
        fill(node.input(2)) { _ in 0 }
      case "InstanceNormalization":
        fill(node.input(1)) { _ in 1 }
        fill(node.input(2)) { _ in 0 }
      case "BatchNormalization":
        for (place, value) in [(1, 1), (2, 0), (3, 0), (4, 1)] {
          fill(node.input(place)) { _ in Float(value) }
        }
      case "Add", "Sub":
        if clearsSums { for input in node.inputs { fill(input) { _ in 0 } } }
      default: break
      }
    }
    if let last = nodes.last, last.op == "Tanh", outputs == last.outputs {
      result.outputs = last.inputs
      result.removeUnused()
    }
    return result
  }
}
