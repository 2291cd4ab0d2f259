import ModelGraph

/// How much memory a network takes a pixel of its window, and what sizes follow from it.
struct WindowMemory: Sendable {
  /// What the largest operation reads and writes, in bytes a px of the window.
  let bytesPerPixel: Double

  init(_ graph: Graph, shapes: [String: [Int]]) {
    let input = shapes[graph.inputs[0].name] ?? [1, 1, 1, 1]
    let area = Double(max(1, input[2] * input[3]))
    bytesPerPixel = graph.nodes.reduce(4) { most, node in
      let values = (node.inputs + node.outputs).filter { graph.constants[$0] == nil }
      let elements = values.reduce(0.0) { sum, name in
        sum + (shapes[name] ?? []).reduce(1.0) { $0 * Double($1) }
      }
      return max(most, 4 * elements / area)
    }
  }

  /// The side of a core that keeps a window within `budget` bytes, a multiple of 256 px.
  func core(halo: Int, budget: Double) -> Int {
    let side = Int((budget / bytesPerPixel).squareRoot()) - 2 * halo
    return min(max(side / 256 * 256, 256), 2048)
  }

  /// Pixels of a window of at most `budget` bytes.
  func pixels(budget: Double) -> Int { Int(budget / bytesPerPixel) }
}
