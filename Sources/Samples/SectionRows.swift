/// Working memory of a block: one row of 64 values for each field.
///
/// Rows are handed out as pointers, so that one loop can run over many of them side by side.
struct SectionRows: ~Copyable {
  typealias Row = UnsafeMutablePointer<Float>

  /// Pixels in a row, and rows in a block.
  static var side: Int { 64 }
  /// Distance between the lattice points of the slow fields.
  static var step: Int { 16 }
  /// Lattice points along a side.
  static var points: Int { side / step + 1 }

  /// The slow fields.
  enum Field: Int, CaseIterable {
    case depth, along, across, looseness, lymphocytes, thickness, displacedX, displacedY, glass
  }

  let hematoxylin: Row
  let eosin: Row
  let fine: Row
  let bundle: Row
  let mottle: Row
  let coverage: Row
  let ringDepth: Row
  let ringWall: Row
  let ringTint: Row
  let ringIsVessel: Row
  private let fields: Row
  private let lattice: Row
  private let memory: Row

  init() {
    let fieldCount = Field.allCases.count
    let rows = 10 + fieldCount
    memory = .allocate(capacity: rows * Self.side + fieldCount * Self.points * Self.points)
    memory.initialize(
      repeating: 0, count: rows * Self.side + fieldCount * Self.points * Self.points)
    let side = Self.side
    hematoxylin = memory
    eosin = memory + side
    fine = memory + 2 * side
    bundle = memory + 3 * side
    coverage = memory + 4 * side
    ringDepth = memory + 5 * side
    ringWall = memory + 6 * side
    ringTint = memory + 7 * side
    ringIsVessel = memory + 8 * side
    mottle = memory + 9 * side
    fields = memory + 10 * side
    lattice = memory + rows * side
  }

  deinit { memory.deallocate() }

  /// The current row of a slow field.
  subscript(field: Field) -> Row { fields + field.rawValue * Self.side }

  /// The lattice of a slow field, ``points`` values a row.
  func lattice(_ field: Field) -> Row {
    lattice + field.rawValue * Self.points * Self.points
  }

  /// Interpolates row `row` of the block from the lattice of `field`.
  func interpolate(_ field: Field, row: Int) {
    let upper = lattice(field) + row / Self.step * Self.points
    let t = Float(row % Self.step) / Float(Self.step)
    let target = self[field]
    for segment in 0..<Self.points - 1 {
      let a = upper[segment] + (upper[segment + Self.points] - upper[segment]) * t
      let b =
        upper[segment + 1] + (upper[segment + 1 + Self.points] - upper[segment + 1]) * t
      let slope = (b - a) / Float(Self.step)
      let start = target + segment * Self.step
      for index in 0..<Self.step { start[index] = a + slope * Float(index) }
    }
  }
}
