import TesseraPlugin

/// Computes the stain densities of one block of 64 x 64 px, row by row.
///
/// Blocks lie on a fixed lattice and a row depends on nothing but its block, so a pixel comes out
/// the same in whichever window it is asked for.
struct SectionPainter: ~Copyable {
  /// What a block shows.
  enum Content {
    /// Empty glass, exactly.
    case glass
    /// Tissue in at least a part.
    case tissue
  }

  let section: Section
  let softness: Float
  let rows = SectionRows()
  private var origin = SIMD2<Float>(0, 0)
  private var column = 0
  private var row = 0
  var rings: [Ring] = []
  /// Fat cells around the block, and those of them that decide over its pixels.
  var fat: [AdipocyteLattice.Seed] = []
  var decidingFat: [AdipocyteLattice.Seed] = []
  var cells: [Cell] = []

  /// Depth at which frayed tissue can end at the most, in px.
  private static var fray: Float { 14 }

  init(section: Section, softness: Float) {
    self.section = section
    self.softness = softness
  }

  /// Moves to the block whose top left pixel is (`x`, `y`), both multiples of 64.
  mutating func begin(x: Int, y: Int) -> Content {
    origin = [Float(x), Float(y)]
    column = x
    row = y
    fill(.glass) { [section] x, y in
      1.2 * section.shading.turned(x / 1300, y / 1300) + 0.3 * section.shading(x / 16, y / 16)
    }
    let side = Float(SectionRows.side)
    let outline = section.map.outline
    // Interpolation between lattice points never leaves their range, so both tests are exact.
    let reach = outline.slope * side * 0.7072
    if outline.depth(x: origin.x + side / 2, y: origin.y + side / 2) < -reach - Self.fray {
      return .glass
    }
    fill(.depth) { min(4096, max(-4096, outline.depth(x: $0, y: $1))) }
    let depths = rows.lattice(.depth)
    var deepest = depths[0]
    for index in 1..<SectionRows.points * SectionRows.points {
      deepest = max(deepest, depths[index])
    }
    guard deepest > -Self.fray else { return .glass }
    prepare()
    return .tissue
  }

  /// Interpolates the glass under row `y` of the block, in gray levels around the white.
  func paintGlass(_ y: Int) { rows.interpolate(.glass, row: y) }

  /// Computes the densities of row `y` of the block, 0..<64.
  func paint(_ y: Int) {
    for field in SectionRows.Field.allCases { rows.interpolate(field, row: y) }
    paintStroma(y)
    if !decidingFat.isEmpty { paintFat(y) }
    if !rings.isEmpty { paintRings(y) }
    let grain = column + 17
    section.texture.withRow(x: grain, y: row + y) { grain in
      for x in 0..<SectionRows.side {
        let factor = 1 + 0.045 * grain[x]
        rows.hematoxylin[x] *= factor
        rows.eosin[x] *= factor
      }
    }
    paintCells(y)
    for x in 0..<SectionRows.side {
      let factor = rows.coverage[x] * rows[.thickness][x]
      rows.hematoxylin[x] *= factor
      rows.eosin[x] *= factor
    }
  }

  private func fill(_ field: SectionRows.Field, _ body: (Float, Float) -> Float) {
    let lattice = rows.lattice(field)
    for y in 0..<SectionRows.points {
      for x in 0..<SectionRows.points {
        lattice[y * SectionRows.points + x] = body(
          origin.x + Float(x * SectionRows.step), origin.y + Float(y * SectionRows.step))
      }
    }
  }

  private mutating func prepare() {
    let map = section.map
    let count = SectionRows.points
    for y in 0..<count {
      for x in 0..<count {
        let place = origin + SIMD2(Float(x), Float(y)) * Float(SectionRows.step)
        let index = y * count + x
        let (along, across) = map.fibres(x: place.x, y: place.y)
        rows.lattice(.along)[index] = along
        rows.lattice(.across)[index] = across
        rows.lattice(.looseness)[index] = map.looseness(x: place.x, y: place.y)
        rows.lattice(.lymphocytes)[index] = map.lymphocytes(x: place.x, y: place.y)
        rows.lattice(.thickness)[index] = map.thickness(x: place.x, y: place.y)
        let displaced = place + map.displacement(x: place.x, y: place.y)
        rows.lattice(.displacedX)[index] = displaced.x
        rows.lattice(.displacedY)[index] = displaced.y
      }
    }
    let side = Float(SectionRows.side)
    // Cells reach up to 36 px into the block, and rings decide over cells outside of it too.
    let margin: Float = 36
    rings.removeAll(keepingCapacity: true)
    section.rings.rings(origin: origin - margin, side: side + 2 * margin, into: &rings)
    section.fat.seeds(origin: origin - margin, side: side + 2 * margin, into: &fat)
    let (center, radius) = displacedCircle()
    AdipocyteLattice.deciding(fat, within: radius, of: center, into: &decidingFat)
    cells.removeAll(keepingCapacity: true)
    section.cells.cells(
      in: CellLattice.Bounds(lower: origin - margin, upper: origin + (side + margin)),
      CellLattice.Obstacles(rings: rings, fat: fat), into: &cells)
    let upper = origin + side
    cells.removeAll { [origin] cell in
      cell.center.x + cell.reach.x < origin.x || cell.center.y + cell.reach.y < origin.y
        || cell.center.x - cell.reach.x > upper.x || cell.center.y - cell.reach.y > upper.y
    }
  }

  /// A circle around the displaced coordinates of the block.
  private func displacedCircle() -> (center: SIMD2<Float>, radius: Float) {
    let xs = rows.lattice(.displacedX)
    let ys = rows.lattice(.displacedY)
    var lower = SIMD2(xs[0], ys[0])
    var upper = lower
    for index in 1..<SectionRows.points * SectionRows.points {
      let place = SIMD2(xs[index], ys[index])
      lower = pointwiseMin(lower, place)
      upper = pointwiseMax(upper, place)
    }
    return ((lower + upper) / 2, ((upper - lower) / 2).length)
  }

  private func paintCells(_ y: Int) {
    let rowY = origin.y + Float(y)
    for cell in cells {
      let dy = rowY - cell.center.y
      guard abs(dy) <= cell.reach.y else { continue }
      let left = max(0, Int(saturating: (cell.center.x - cell.reach.x - origin.x).rounded(.down)))
      let right = min(
        SectionRows.side, Int(saturating: (cell.center.x + cell.reach.x - origin.x).rounded(.up)))
      guard left < right else { continue }
      section.texture.withRow(x: column + left + cell.offset.x, y: row + y + cell.offset.y) {
        texture in
        cell.paint(
          hematoxylin: rows.hematoxylin + left, eosin: rows.eosin + left, count: right - left,
          dx: origin.x + Float(left) - cell.center.x, dy: dy, texture: texture, softness: softness)
      }
    }
  }
}
