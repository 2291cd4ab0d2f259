import Foundation

extension CellLattice {
  /// Nuclei in rows below the outline of a gland, and goblets of mucin towards its lumen.
  func epithelium(
    of ring: Ring, _ bounds: Bounds, _ around: Obstacles, into cells: inout [Cell]
  ) {
    let spacing: Float = ring.kind == .nest ? 34 : 25
    let step: Float = ring.kind == .nest ? 34 : 30
    var row = 0
    var depth: Float = ring.kind == .nest ? 20 : 26
    while depth < min(ring.wall - 18, (ring.axes.x + ring.axes.y) * 0.5 - 8) {
      let isBasal = row == 0
      place(on: ring, depth: depth, spacing: spacing, row: row, bounds, around) {
        center, normal, numbers in
        if !isBasal, ring.kind == .mucinousGland {
          guard numbers.next() < 0.5 else { return }
          cells.append(goblet(center, normal, &numbers))
        } else {
          let occupancy: Float = isBasal ? 0.96 : ring.kind == .nest ? 0.88 : 0.42
          guard numbers.next() < occupancy else { return }
          cells.append(nucleus(center, normal, ring, &numbers))
        }
      }
      depth += step
      row += 1
    }
  }

  /// Flat nuclei that line a vessel, and muscle in its wall.
  func endothelium(
    of ring: Ring, _ bounds: Bounds, _ around: Obstacles, into cells: inout [Cell]
  ) {
    for (row, depth) in [ring.wall - 3, ring.wall * 0.4].enumerated() {
      place(on: ring, depth: depth - ring.wall, spacing: 58, row: row, bounds, around) {
        center, normal, numbers in
        guard numbers.next() < (row == 0 ? 0.7 : 0.35) else { return }
        cells.append(
          Cell(
            center: center, axes: [numbers.next(in: 12...20), numbers.next(in: 3.8...5.5)],
            direction: [-normal.y, normal.x], hematoxylin: numbers.next(in: 1.1...1.5),
            eosin: 0.3, texture: 0.12, rim: 0.2, offset: numbers.next()))
      }
    }
  }

  /// Visits places about `spacing` px apart at `depth` below the outline of `ring`.
  private func place(
    on ring: Ring, depth: Float, spacing: Float, row: Int, _ bounds: Bounds,
    _ around: Obstacles, _ body: (SIMD2<Float>, SIMD2<Float>, inout HashedNumbers) -> Void
  ) {
    let circumference = 6.2832 * max(4, (ring.axes.x + ring.axes.y) * 0.5 - depth)
    let count = max(1, Int(circumference / spacing))
    let turn = 6.2832 / Float(count)
    for index in 0..<count {
      var numbers = ringNumbers(ring, row: row, index: index)
      let angle = (Float(index) + numbers.next(in: -0.32...0.32)) * turn
      let (place, normal) = ring.place(
        cos(angle), sin(angle), depth: depth + numbers.next(in: -6...7))
      // The outline is displaced by up to 52 px; undoing that costs noise, so sort out first.
      guard
        place.x > bounds.lower.x - 56, place.y > bounds.lower.y - 56,
        place.x < bounds.upper.x + 56, place.y < bounds.upper.y + 56
      else { continue }
      let center = undisplaced(place)
      guard bounds.contains(center), owns(ring, center, around) else { continue }
      body(center, normal, &numbers)
    }
  }

  private func nucleus(
    _ center: SIMD2<Float>, _ normal: SIMD2<Float>, _ ring: Ring, _ numbers: inout HashedNumbers
  ) -> Cell {
    let isNest = ring.kind == .nest
    let long = isNest ? numbers.next(in: 13...19) : numbers.next(in: 15...20)
    let lean = SIMD2(normal.x - 0.25 * normal.y, normal.y + 0.25 * normal.x) / 1.0308
    return Cell(
      center: center,
      axes: [long, isNest ? long * numbers.next(in: 0.72...0.95) : numbers.next(in: 9.5...12.5)],
      direction: numbers.next() < 0.5 ? normal : lean,
      hematoxylin: numbers.next(in: 0.85...1.3) * ring.tint, eosin: 0.3,
      texture: numbers.next(in: 0.1...0.28), rim: 0.4,
      nucleolus: numbers.next() < (isNest ? 0.7 : 0.3) ? 0.75 : 0, offset: numbers.next())
  }

  private func goblet(
    _ center: SIMD2<Float>, _ normal: SIMD2<Float>, _ numbers: inout HashedNumbers
  ) -> Cell {
    Cell(
      center: center, axes: [numbers.next(in: 14...21), numbers.next(in: 10...14)],
      direction: normal, hematoxylin: numbers.next(in: 0.1...0.22), eosin: 0.04, texture: 0.05,
      rim: 0.3, offset: numbers.next())
  }
}
