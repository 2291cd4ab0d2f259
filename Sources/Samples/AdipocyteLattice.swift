/// Fat cells as rounded cells of a Voronoi diagram of jittered seeds.
struct AdipocyteLattice: Sendable {
  struct Seed: Sendable {
    let center: SIMD2<Float>
    /// 1 where an adipocyte grows, 0 where stroma takes the place.
    let grows: Float
  }

  /// Radius at which a cell without neighbors ends, in px.
  static var radius: Float { 128 }
  /// Half the thickness of the membranes, in px.
  static var membrane: Float { 2.2 }
  private static var cell: Float { 215 }

  private let map: TissueMap
  private let noise: LatticeNoise

  init(map: TissueMap, seed: UInt32) {
    self.map = map
    noise = LatticeNoise(seed: seed &+ 0x6000_000B)
  }

  /// Seeds that decide over the displaced square; none where no adipocyte reaches it.
  func seeds(origin: SIMD2<Float>, side: Float, into seeds: inout [Seed]) {
    seeds.removeAll(keepingCapacity: true)
    // The field changes slowly: far below its threshold no seed within reach can grow.
    let middle = origin + side / 2
    guard map.fat(x: middle.x, y: middle.y) > -1.1 else { return }
    // A pixel has a seed within 0.78 · √2 cells; its second nearest lies within twice the radius.
    let reach = 2 * Self.radius + 40
    let first = ((origin - reach) / Self.cell).rounded(.down)
    let last = ((origin + (side + reach)) / Self.cell).rounded(.down)
    var anyGrows = false
    for row in Int(first.y)...Int(last.y) {
      for column in Int(first.x)...Int(last.x) {
        var numbers = HashedNumbers(noise, x: column, y: row)
        let jitter = SIMD2(numbers.next(in: -0.3...0.3), numbers.next(in: -0.3...0.3))
        let center = (SIMD2(Float(column), Float(row)) + 0.5 + jitter) * Self.cell
        let grows =
          map.fat(x: center.x, y: center.y) > numbers.next(in: -0.05...0.08)
          && map.outline.depth(x: center.x, y: center.y) > 60
        anyGrows = anyGrows || grows
        seeds.append(Seed(center: center, grows: grows ? 1 : 0))
      }
    }
    if !anyGrows { seeds.removeAll(keepingCapacity: true) }
  }

  /// The seeds that decide over some displaced point within `radius` of `center`; none where none
  /// of them grows.
  static func deciding(
    _ seeds: [Seed], within radius: Float, of center: SIMD2<Float>, into deciding: inout [Seed]
  ) {
    deciding.removeAll(keepingCapacity: true)
    var nearest = Float.greatestFiniteMagnitude
    var second = nearest
    for seed in seeds {
      let distance = (seed.center - center).length
      second = min(second, max(nearest, distance))
      nearest = min(nearest, distance)
    }
    // Every point has two seeds within `second + radius`, so that farther ones never count.
    for seed in seeds where (seed.center - center).length <= second + 2 * radius + 1 {
      deciding.append(seed)
    }
    if !deciding.contains(where: { $0.grows > 0 }) { deciding.removeAll(keepingCapacity: true) }
  }

  /// Distance to the membrane in px, positive inside a fat cell; `point` is displaced.
  static func depth(_ point: SIMD2<Float>, _ seeds: [Seed]) -> Float {
    var nearest = Float.greatestFiniteMagnitude
    var second = nearest
    var grows: Float = 0
    for seed in seeds {
      let away = point - seed.center
      let distance = (away * away).sum().squareRoot()
      if distance < nearest {
        second = nearest
        nearest = distance
        grows = seed.grows
      } else {
        second = min(second, distance)
      }
    }
    return grows > 0 ? min((second - nearest) * 0.5 - membrane, radius - nearest) : -radius
  }
}

extension SIMD2<Float> {
  /// Euclidean length.
  var length: Float { (self * self).sum().squareRoot() }
}
