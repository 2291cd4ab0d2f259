/// Glands and vessels on jittered lattices, found for any region without a list of them all.
struct RingLattice: Sendable {
  private let map: TissueMap
  private let glands: LatticeNoise
  private let vessels: LatticeNoise

  private static var glandCell: Float { 330 }
  private static var vesselCell: Float { 900 }

  init(map: TissueMap, seed: UInt32) {
    self.map = map
    glands = LatticeNoise(seed: seed &+ 0x4000_0007)
    vessels = LatticeNoise(seed: seed &+ 0x5000_0009)
  }

  /// Rings that can reach the square of `side` px whose top left corner is `origin`.
  func rings(origin: SIMD2<Float>, side: Float, into rings: inout [Ring]) {
    Self.visit(origin: origin, side: side, cell: Self.glandCell, reach: 370) { column, row in
      guard let ring = gland(column: column, row: row) else { return }
      if Self.touches(ring, origin: origin, side: side) { rings.append(ring) }
    }
    Self.visit(origin: origin, side: side, cell: Self.vesselCell, reach: 400) { column, row in
      guard let ring = vessel(column: column, row: row) else { return }
      if Self.touches(ring, origin: origin, side: side) { rings.append(ring) }
    }
  }

  private static func visit(
    origin: SIMD2<Float>, side: Float, cell: Float, reach: Float, _ body: (Int, Int) -> Void
  ) {
    let first = ((origin - reach) / cell).rounded(.down)
    let last = ((origin + (side + reach)) / cell).rounded(.down)
    for row in Int(first.y)...Int(last.y) {
      for column in Int(first.x)...Int(last.x) { body(column, row) }
    }
  }

  private static func touches(_ ring: Ring, origin: SIMD2<Float>, side: Float) -> Bool {
    let reach = ring.axes.max() + Ring.reach + (ring.kind == .vessel ? ring.wall : 0)
    let nearest = ring.center.clamped(lowerBound: origin, upperBound: origin + side)
    let away = ring.center - nearest
    return (away * away).sum() < reach * reach
  }

  private func gland(column: Int, row: Int) -> Ring? {
    var numbers = HashedNumbers(glands, x: column, y: row)
    let jitter = SIMD2(numbers.next(in: -0.26...0.26), numbers.next(in: -0.3...0.3))
    // Every other row is shifted by half a cell, so that no straight rows show.
    let shift: Float = row & 1 == 0 ? 0.25 : -0.25
    let center = (SIMD2(Float(column) + shift, Float(row)) + 0.5 + jitter) * Self.glandCell
    let long = numbers.next(in: 105...205)
    let axes = SIMD2(long, long * numbers.next(in: 0.55...0.95))
    let field = map.glands(x: center.x, y: center.y)
    guard field > numbers.next(in: -0.1...0.2), map.fat(x: center.x, y: center.y) < -0.06,
      map.outline.depth(x: center.x, y: center.y) > long * 0.8
    else { return nil }
    let t = numbers.next(in: -1...1)
    let choice = numbers.next()
    let kind: Ring.Kind = choice < 0.5 ? .gland : choice < 0.75 ? .mucinousGland : .nest
    let wall = kind == .nest ? 400 : min(axes.y - 14, numbers.next(in: 52...84))
    return Ring(
      kind: kind, column: column, row: row, center: center,
      turn: SIMD2(1 - t * t, 2 * t) / (1 + t * t), axes: axes, wall: wall,
      tint: numbers.next(in: 0.86...1.14))
  }

  private func vessel(column: Int, row: Int) -> Ring? {
    var numbers = HashedNumbers(vessels, x: column, y: row)
    let jitter = SIMD2(numbers.next(in: -0.3...0.3), numbers.next(in: -0.3...0.3))
    let center = (SIMD2(Float(column), Float(row)) + 0.5 + jitter) * Self.vesselCell
    let long = numbers.next(in: 50...190)
    let axes = SIMD2(long, max(26, long * numbers.next(in: 0.3...0.8)))
    guard numbers.next() < 0.6, map.glands(x: center.x, y: center.y) < 0.05,
      map.outline.depth(x: center.x, y: center.y) > long + 60
    else { return nil }
    let t = numbers.next(in: -1...1)
    return Ring(
      kind: .vessel, column: column, row: row, center: center,
      turn: SIMD2(1 - t * t, 2 * t) / (1 + t * t), axes: axes,
      wall: numbers.next(in: 8...12) + long * 0.12, tint: numbers.next(in: 0.9...1.1))
  }
}
