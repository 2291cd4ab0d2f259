/// Collects the steps across horizontal lines, row by row.
struct HorizontalSteps: Sendable {
  /// For each plane.
  private(set) var sums: [SeamStepSums]
  private let lines: [SeamGrid.Line]
  private let planes: Int
  private let width: Int
  private let segments: Int
  /// For each line that the current row is near to, each plane and segment: what the 4 rows behind
  /// the line have more than those before it.
  private var open: [(line: SeamGrid.Line, differences: [Double])] = []
  private var row = 0
  private var nextLine = 0

  init(_ grid: SeamGrid, width: Int, height: Int, planes: Int) {
    lines = grid.lines(in: height)
    self.planes = planes
    self.width = width
    segments = max(1, width / SeamStep.segment)
    sums = [SeamStepSums](repeating: SeamStepSums(), count: planes)
  }

  /// Takes the next row.
  mutating func add(_ current: PlanarRow) {
    defer { row += 1 }
    while nextLine < lines.count, lines[nextLine].position - SeamGrid.reach <= row {
      open.append((lines[nextLine], [Double](repeating: 0, count: planes * segments)))
      nextLine += 1
    }
    guard !open.isEmpty else { return }
    for plane in 0..<planes {
      for segment in 0..<segments {
        let sum = current.withPlane(plane) { samples in
          let part = samples.extracting(columns(of: segment))
          var sum = 0.0
          for x in 0..<part.count { sum += Double(part[x]) }
          return sum
        }
        for index in open.indices {
          open[index].differences[plane * segments + segment] +=
            row < open[index].line.position ? -sum : sum
        }
      }
    }
    while let first = open.first, first.line.position + SeamGrid.reach - 1 == row {
      close(first.line, open.removeFirst().differences)
    }
  }

  private func columns(of segment: Int) -> Range<Int> {
    let start = segment * SeamStep.segment
    return start..<(segment + 1 == segments ? width : start + SeamStep.segment)
  }

  private mutating func close(_ line: SeamGrid.Line, _ differences: [Double]) {
    for plane in 0..<planes {
      for segment in 0..<segments {
        let area = Double(columns(of: segment).count * SeamGrid.reach)
        sums[plane].add(differences[plane * segments + segment] / area, group: line.group)
      }
    }
  }
}
