import ModelGraph
import TesseraPlugin

/// How much memory a network takes a pixel of its window, and what sizes follow from it.
struct WindowMemory: Sendable {
  /// What the largest operation reads and writes, in bytes a px of the window.
  let bytesPerPixel: Double

  /// Works it out from the sizes of all values, of which each takes `bytes`.
  init(_ graph: Graph, shapes: [String: [Int]], bytes: Double = 4) {
    let input = shapes[graph.inputs[0].name] ?? [1, 1, 1, 1]
    let area = Double(max(1, input[2] * input[3]))
    bytesPerPixel = graph.nodes.reduce(bytes) { maximum, node in
      let values = (node.inputs + node.outputs).filter { graph.constants[$0] == nil }
      let elements = values.reduce(0.0) { sum, name in
        sum + (shapes[name] ?? []).reduce(1.0) { $0 * Double($1) }
      }
      return max(maximum, bytes * elements / area)
    }
  }

  /// The side of a core that keeps a window within `budget` bytes and itself within `rows`, from
  /// 256 to 2048 px.
  ///
  /// Without a halo large windows save nothing and leave the processor's cache: three 1x1 convolutions
  /// of width 32 take an 8192² slide at 44 MP/s and 220 MB with 192 px, at 32 MP/s and 1.9 GB with 2048.
  func core(halo: Int, budget: Double, rows: Int) -> Int {
    guard halo > 0 else { return 192 }
    let side = Int(saturating: (budget / bytesPerPixel).squareRoot().rounded(.down)) - 2 * halo
    return max(min(side, rows, 2048), 256)
  }

  /// Pixels of a window of at most `budget` bytes.
  func pixels(budget: Double) -> Int {
    Int(saturating: (budget / bytesPerPixel).rounded(.down))
  }
}
