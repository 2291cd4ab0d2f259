/// Places cells: lymphocytes and fibroblasts in the stroma, epithelium in glands, blood in vessels.
struct CellLattice: Sendable {
  private let map: TissueMap
  private let noise: LatticeNoise

  init(map: TissueMap, seed: UInt32) {
    self.map = map
    noise = LatticeNoise(seed: seed &+ 0x7000_000D)
  }

  /// The rings and fat cells around a block, which displace the cells of the stroma.
  struct Obstacles {
    let rings: [Ring]
    let fat: [AdipocyteLattice.Seed]
  }

  /// The region in which a cell's center must lie to reach the block.
  struct Bounds {
    let lower: SIMD2<Float>
    let upper: SIMD2<Float>

    func contains(_ point: SIMD2<Float>) -> Bool {
      point.x >= lower.x && point.y >= lower.y && point.x < upper.x && point.y < upper.y
    }
  }

  /// Appends every cell with its center in `bounds`, in an order that does not depend on `bounds`.
  func cells(in bounds: Bounds, _ around: Obstacles, into cells: inout [Cell]) {
    visit(bounds, cell: 58) { fibroblast(column: $0, row: $1, bounds, around, into: &cells) }
    visit(bounds, cell: 27) { lymphocyte(column: $0, row: $1, bounds, around, into: &cells) }
    for ring in around.rings {
      switch ring.kind {
      case .gland, .mucinousGland, .nest: epithelium(of: ring, bounds, around, into: &cells)
      case .vessel: endothelium(of: ring, bounds, around, into: &cells)
      }
    }
    if around.rings.contains(where: { $0.kind == .vessel }) {
      visit(bounds, cell: 25) { erythrocyte(column: $0, row: $1, bounds, around, into: &cells) }
    }
  }

  private func visit(_ bounds: Bounds, cell: Float, _ body: (Int, Int) -> Void) {
    // Centers lie at most one lattice cell off.
    let first = (bounds.lower / cell).rounded(.down) - 1
    let last = (bounds.upper / cell).rounded(.down) + 1
    for row in Int(first.y)...Int(last.y) {
      for column in Int(first.x)...Int(last.x) { body(column, row) }
    }
  }

  private func numbers(_ kind: Int, _ column: Int, _ row: Int) -> HashedNumbers {
    HashedNumbers(LatticeNoise(seed: noise.seed &+ UInt32(kind) &* 0x9E37_79B9), x: column, y: row)
  }

  private func direction(_ numbers: inout HashedNumbers) -> SIMD2<Float> {
    let t = numbers.next(in: -1...1)
    return SIMD2(1 - t * t, 2 * t) / (1 + t * t)
  }

  /// The ring that owns `point`, and the depth below its outer outline.
  private func owner(_ point: SIMD2<Float>, _ rings: [Ring]) -> (ring: Ring, depth: Float)? {
    guard !rings.isEmpty else { return nil }
    let displaced = point + map.displacement(x: point.x, y: point.y)
    var best: (ring: Ring, depth: Float)?
    for ring in rings {
      let depth = ring.depth(displaced) + (ring.kind == .vessel ? ring.wall : 0)
      if depth > (best?.depth ?? -8) { best = (ring, depth) }
    }
    return best
  }

  private func isInFat(_ point: SIMD2<Float>, _ seeds: [AdipocyteLattice.Seed]) -> Bool {
    guard !seeds.isEmpty else { return false }
    let displaced = point + map.displacement(x: point.x, y: point.y)
    return AdipocyteLattice.depth(displaced, seeds) > 0
  }

  private func fibroblast(
    column: Int, row: Int, _ bounds: Bounds, _ around: Obstacles, into cells: inout [Cell]
  ) {
    var numbers = numbers(1, column, row)
    let jitter = SIMD2(numbers.next(in: -0.45...0.45), numbers.next(in: -0.45...0.45))
    let center = (SIMD2(Float(column), Float(row)) + 0.5 + jitter) * 58
    guard bounds.contains(center),
      numbers.next() < 0.48 - 0.3 * map.looseness(x: center.x, y: center.y),
      map.outline.depth(x: center.x, y: center.y) > 12,
      owner(center, around.rings) == nil, !isInFat(center, around.fat)
    else { return }
    let isPlump = numbers.next() < 0.25
    cells.append(
      Cell(
        center: center,
        axes: isPlump
          ? [numbers.next(in: 14...19), numbers.next(in: 8...11)]
          : [numbers.next(in: 16...27), numbers.next(in: 3.6...6.5)],
        direction: map.fibreDirection(x: center.x, y: center.y),
        hematoxylin: isPlump ? numbers.next(in: 0.75...1.05) : numbers.next(in: 1.05...1.6),
        eosin: 0.3, texture: isPlump ? 0.2 : 0.12, rim: 0.2, offset: numbers.next()))
  }

  private func lymphocyte(
    column: Int, row: Int, _ bounds: Bounds, _ around: Obstacles, into cells: inout [Cell]
  ) {
    var numbers = numbers(2, column, row)
    let jitter = SIMD2(numbers.next(in: -0.45...0.45), numbers.next(in: -0.28...0.28))
    let shift: Float = row & 1 == 0 ? 0.25 : -0.25
    let center = (SIMD2(Float(column) + shift, Float(row)) + 0.5 + jitter) * 27
    guard bounds.contains(center) else { return }
    let density = map.lymphocytes(x: center.x, y: center.y)
    guard numbers.next() < 0.022 + 0.85 * density,
      map.outline.depth(x: center.x, y: center.y) > 12,
      owner(center, around.rings) == nil, !isInFat(center, around.fat)
    else { return }
    let isLarge = numbers.next() < 0.14
    let radius = isLarge ? numbers.next(in: 14...17) : numbers.next(in: 10.5...13.2)
    cells.append(
      Cell(
        center: center, axes: [radius, radius * numbers.next(in: 0.8...1)],
        direction: direction(&numbers),
        hematoxylin: isLarge ? numbers.next(in: 0.8...1.05) : numbers.next(in: 1.4...1.95),
        eosin: 0.28, texture: isLarge ? 0.22 : 0.15, rim: 0.25, offset: numbers.next()))
  }

  private func erythrocyte(
    column: Int, row: Int, _ bounds: Bounds, _ around: Obstacles, into cells: inout [Cell]
  ) {
    var numbers = numbers(3, column, row)
    let jitter = SIMD2(numbers.next(in: -0.35...0.35), numbers.next(in: -0.35...0.35))
    let center = (SIMD2(Float(column), Float(row)) + 0.5 + jitter) * 25
    guard bounds.contains(center), let (ring, depth) = owner(center, around.rings),
      ring.kind == .vessel, depth > ring.wall + 8, numbers.next() < 0.8 * (ring.tint - 0.9) * 6
    else { return }
    let radius = numbers.next(in: 11...13.5)
    cells.append(
      Cell(
        center: center, axes: [radius, radius * numbers.next(in: 0.7...1)],
        direction: direction(&numbers), hematoxylin: 0.02, eosin: numbers.next(in: 0.75...1.05),
        texture: 0.03, rim: 0.3, offset: numbers.next()))
  }

  /// Numbers of the place `index` in `row` of a ring.
  func ringNumbers(_ ring: Ring, row: Int, index: Int) -> HashedNumbers {
    numbers(4 + row * 2 + (ring.kind == .vessel ? 1 : 0), ring.column * 4096 + index, ring.row)
  }

  /// The point that ``TissueMap/displacement(x:y:)`` moves to `place`, nearly.
  func undisplaced(_ place: SIMD2<Float>) -> SIMD2<Float> {
    var point = place
    for _ in 0..<2 { point = place - map.displacement(x: point.x, y: point.y) }
    return point
  }

  /// Whether `ring` is on top at `center` and the tissue reaches there.
  func owns(_ ring: Ring, _ center: SIMD2<Float>, _ around: Obstacles) -> Bool {
    guard let top = owner(center, around.rings)?.ring else { return false }
    return top.kind == ring.kind && top.column == ring.column && top.row == ring.row
      && map.outline.depth(x: center.x, y: center.y) > 10
  }
}
