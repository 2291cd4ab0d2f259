/// The connected regions (by edges) of one value in a mask, as horizontal runs.
public struct RunRegions: Sendable {
  /// The runs in the order of the rows; a range of indices into the mask.
  public private(set) var runs: [Range<Int>] = []
  /// For each run, the number of pixels of the region it belongs to.
  public private(set) var sizes: [Int] = []

  /// Finds the regions of `value` in a mask with rows of `width`.
  public init(_ mask: [Bool], width: Int, value: Bool) {
    guard width > 0 else { return }
    var parents: [Int32] = []
    var above = 0..<0
    mask.withUnsafeBufferPointer { mask in
      for row in stride(from: 0, to: mask.count, by: width) {
        let first = runs.count
        var other = above.lowerBound
        var column = 0
        while column < width {
          guard mask[row + column] == value else {
            column += 1
            continue
          }
          let start = column
          while column < width, mask[row + column] == value { column += 1 }
          let index = runs.count
          runs.append(row + start..<row + column)
          parents.append(Int32(index))
          // Runs of the row above that share a column; the last may reach the next run too.
          while other < above.upperBound, runs[other].upperBound - row + width <= start {
            other += 1
          }
          var touching = other
          while touching < above.upperBound, runs[touching].lowerBound - row + width < column {
            Self.join(&parents, touching, index)
            touching += 1
          }
        }
        above = first..<runs.count
      }
    }
    var totals = [Int](repeating: 0, count: runs.count)
    let roots = runs.indices.map { Self.root(&parents, $0) }
    for (run, root) in zip(runs, roots) { totals[root] += run.count }
    sizes = roots.map { totals[$0] }
  }

  private static func root(_ parents: inout [Int32], _ index: Int) -> Int {
    var index = index
    while Int(parents[index]) != index {
      parents[index] = parents[Int(parents[index])]
      index = Int(parents[index])
    }
    return index
  }

  private static func join(_ parents: inout [Int32], _ a: Int, _ b: Int) {
    let (a, b) = (root(&parents, a), root(&parents, b))
    if a != b { parents[max(a, b)] = Int32(min(a, b)) }
  }
}
