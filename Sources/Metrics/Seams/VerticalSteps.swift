/// Collects the steps across vertical lines, row by row.
struct VerticalSteps: Sendable {
  /// For each plane.
  private(set) var sums: [SeamStepSums]
  private let lines: [SeamGrid.Line]
  private let planes: Int
  private let segments: Int
  /// For each line and plane: what the 4 px behind the line have more than those before it, over
  /// the rows of the current segment.
  private var differences: [Double]
  private var row = 0
  private var segmentStart = 0

  init(_ grid: SeamGrid, width: Int, height: Int, planes: Int) {
    lines = grid.lines(in: width)
    self.planes = planes
    segments = max(1, height / SeamStep.segment)
    sums = [SeamStepSums](repeating: SeamStepSums(), count: planes)
    differences = [Double](repeating: 0, count: lines.count * planes)
  }

  /// Takes the next row.
  mutating func add(_ current: PlanarRow) {
    if row == segmentStart + SeamStep.segment, row / SeamStep.segment < segments { endSegment() }
    let lines = lines
    for plane in 0..<planes {
      current.withPlane(plane) { samples in
        for (index, line) in lines.enumerated() {
          let around = samples.extracting(
            line.position - SeamGrid.reach..<line.position + SeamGrid.reach)
          var difference = 0.0
          for offset in 0..<SeamGrid.reach {
            difference += Double(around[SeamGrid.reach + offset]) - Double(around[offset])
          }
          differences[index * planes + plane] += difference
        }
      }
    }
    row += 1
  }

  /// Takes the steps of the segment that the rows since the last one make.
  mutating func endSegment() {
    let area = Double((row - segmentStart) * SeamGrid.reach)
    guard area > 0 else { return }
    for (index, line) in lines.enumerated() {
      for plane in 0..<planes {
        sums[plane].add(differences[index * planes + plane] / area, group: line.group)
        differences[index * planes + plane] = 0
      }
    }
    segmentStart = row
  }
}
