/// Walks a graph backwards: which rows (or columns) of the image an output row (or column) needs,
/// far from any border.
struct Reach {
  /// An operation that makes pictures of pictures, its values by number.
  private struct Step {
    let outputs: [Int]
    let inputs: [Int]
    let window: SourceWindow
  }

  /// From the output to the image.
  private let steps: [Step]
  private let output: Int
  private let images: [Int]
  private let count: Int

  /// Pixels that nothing sensible reaches.
  private static let limit = 1 << 24

  /// Follows rows (0) or columns (1) of the first output.
  init(_ graph: Graph, analysis: SpatialAnalysis, direction: Int) throws(ModelError) {
    var numbers: [String: Int] = [:]
    func number(_ name: String) -> Int {
      let number = numbers[name] ?? numbers.count
      numbers[name] = number
      return number
    }
    output = number(graph.outputs.first ?? "")
    var steps: [Step] = []
    for node in graph.nodes.reversed() {
      let outputs = node.outputs.filter { analysis.values[$0] != nil }
      guard !outputs.isEmpty else { continue }
      let inputs = node.inputs.filter { analysis.values[$0] != nil }
      steps.append(
        Step(
          outputs: outputs.map(number), inputs: inputs.map(number),
          window: try SourceWindow(node, analysis: analysis, direction: direction)))
    }
    images = graph.inputs.map(\.name).filter { analysis.values[$0] != nil }.map(number)
    self.steps = steps
    count = numbers.count
  }

  /// Indices of the image that the output pixel with this index depends on.
  func imageRange(of index: Int) throws(ModelError) -> ClosedRange<Int> {
    var needed = [ClosedRange<Int>?](repeating: nil, count: count)
    needed[output] = index...index
    for step in steps {
      var range: ClosedRange<Int>?
      for output in step.outputs { range = Self.union(range, needed[output]) }
      guard let range, let source = step.window.source(of: range) else { continue }
      guard source.lowerBound > -Self.limit, source.upperBound < Self.limit else {
        throw ModelError(
          SpatialAnalysis.action, "a pixel depends on more than \(Self.limit) px around it")
      }
      for input in step.inputs { needed[input] = Self.union(needed[input], source) }
    }
    var result: ClosedRange<Int>?
    for image in images { result = Self.union(result, needed[image]) }
    guard let result else {
      throw ModelError(SpatialAnalysis.action, "the output does not depend on the image")
    }
    return result
  }

  private static func union(
    _ a: ClosedRange<Int>?, _ b: ClosedRange<Int>?
  ) -> ClosedRange<Int>? {
    guard let a else { return b }
    guard let b else { return a }
    return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
  }
}
