import TesseraPlugin

/// Where the section lies on the glass: a few islands with irregular outlines.
struct TissueOutline: Sendable {
  private struct Island: Sendable {
    let center: SIMD2<Float>
    let radius: Float
    let stretch: SIMD2<Float>
    let turn: SIMD2<Float>
  }

  private let extent: SIMD2<Float>
  private let margin: Float
  private let islands: [Island]
  private let octaves: [(cell: Float, amplitude: Float)]
  private let noise: LatticeNoise
  private var level: Float = 0

  /// How much ``depth(x:y:)`` can change per px.
  let slope: Float

  /// Lays out islands that cover `share` of the slide.
  init(width: Int, height: Int, seed: UInt32, share: Double) {
    extent = [Float(width), Float(height)]
    let side = extent.min()
    margin = side * 0.14
    noise = LatticeNoise(seed: seed)
    islands = Self.islands(on: extent, LatticeNoise(seed: seed ^ 0x51ED_270B))
    var octaves: [(cell: Float, amplitude: Float)] = []
    var cell = side / 4
    while cell >= 48 || octaves.isEmpty {
      octaves.append((cell, cell * (octaves.isEmpty ? 0.25 : 0.16)))
      cell /= 2
    }
    self.octaves = octaves
    // Distance in a stretched frame, border term, and the noise.
    slope = 1.4 + 4 + octaves.reduce(0) { $0 + 6 * $1.amplitude / $1.cell }
    level = Self.level(of: self, share: share)
  }

  /// Depth inside the tissue in px, negative on glass; a rough distance to the outline.
  func depth(x: Float, y: Float) -> Float {
    let point = SIMD2(x, y)
    var depth = -Float.greatestFiniteMagnitude
    for island in islands {
      let away = point - island.center
      let along = away.x * island.turn.x + away.y * island.turn.y
      let across = away.y * island.turn.x - away.x * island.turn.y
      let frame = SIMD2(along, across) * island.stretch
      depth = max(depth, island.radius - (frame * frame).sum().squareRoot())
    }
    for (index, octave) in octaves.enumerated() {
      // Shifted so that the lattices of two octaves do not share their lines.
      let shift = 0.37 * Float(index)
      depth += octave.amplitude * noise.turned(x / octave.cell + shift, y / octave.cell - shift)
    }
    let inset = min(point.min(), (extent - point).min())
    // Rises towards the border without a step, so that it bends the outlines but does not cut them.
    let outside = max(0, margin - inset)
    return depth - 2 * outside * outside / margin - level
  }

  private static func islands(on extent: SIMD2<Float>, _ noise: LatticeNoise) -> [Island] {
    let aspect = (extent.x / extent.y).squareRoot()
    let columns = Int(saturating: min(6, max(1, 2.4 * aspect)))
    let rows = Int(saturating: min(6, max(1, 2.4 / aspect)))
    let slot = extent / SIMD2(Float(columns), Float(rows))
    var islands: [Island] = []
    for row in 0..<rows {
      for column in 0..<columns {
        var numbers = HashedNumbers(noise, x: column, y: row)
        let place = SIMD2(Float(column), Float(row)) + 0.5
        let jitter = SIMD2(numbers.next(in: -0.16...0.16), numbers.next(in: -0.16...0.16))
        let stretch = numbers.next(in: 0.75...1)
        // Half a turn by a rational parameter: no trigonometry needed.
        let t = numbers.next(in: -1...1)
        islands.append(
          Island(
            center: (place + jitter) * slot, radius: slot.min() * numbers.next(in: 0.2...0.42),
            stretch: [stretch, 1 / stretch],
            turn: SIMD2(1 - t * t, 2 * t) / (1 + t * t)))
      }
    }
    return islands
  }

  /// The depth that `share` of the slide exceeds, from a 96 x 96 sample.
  private static func level(of outline: TissueOutline, share: Double) -> Float {
    let count = 96
    var depths: [Float] = []
    for row in 0..<count {
      for column in 0..<count {
        let place = (SIMD2(Float(column), Float(row)) + 0.5) / Float(count) * outline.extent
        depths.append(outline.depth(x: place.x, y: place.y))
      }
    }
    depths.sort(by: >)
    let index = Int(saturating: share * Double(depths.count))
    // Beyond either end nothing, or everything, is tissue whatever the noise between the samples.
    if index <= 0 { return .infinity }
    if index >= depths.count { return -.infinity }
    return depths[index]
  }
}
