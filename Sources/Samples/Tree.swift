/// A broad-leaved tree: a trunk and a crown of leafy balls, in units of the picture's height.
struct Tree: Sendable {
  private let base: SIMD2<Float>
  private let height: Float
  private let crown: [(center: SIMD2<Float>, radius: Float)]
  private let green: SIMD3<Float>
  private let haze: Float

  /// Plants trees on the ground below `horizon`, the nearest first; around a lake, on either shore.
  static func group(_ noise: LatticeNoise, horizon: Float, aroundLake: Bool) -> [Tree] {
    var trees: [Tree] = []
    for index in 0..<17 {
      var numbers = HashedNumbers(noise, x: index, y: 77)
      // Few near ones, many at the edge of the wood.
      let depth = index < 3 ? numbers.next(in: 0.35...0.8) : numbers.next(in: 0.06...0.2)
      let lakeDepth = index < 3 ? 0.83 + 0.12 * depth : 0.05 * depth
      let y = horizon + 0.03 + (aroundLake ? lakeDepth : depth) * (0.97 - horizon - 0.03)
      var x = numbers.next(in: -0.05...1.4)
      // The middle stays open for the view.
      if index < 3 { x = x < 0.66 ? x * 0.5 : 1.4 - (1.4 - x) * 0.5 }
      let size = min(0.62, (y - horizon) * numbers.next(in: 1.5...2))
      trees.append(Tree(base: [x, y], size: size, &numbers))
    }
    return trees.sorted { $0.base.y > $1.base.y }
  }

  private init(base: SIMD2<Float>, size: Float, _ numbers: inout HashedNumbers) {
    self.base = base
    height = size
    var crown: [(center: SIMD2<Float>, radius: Float)] = []
    for ball in 0..<11 {
      let around = ball == 0 ? 0 : numbers.next(in: 0.1...0.27)
      let t = numbers.next(in: -1...1)
      let side: Float = numbers.next() < 0.5 ? -1 : 1
      let direction = SIMD2(side * (1 - t * t), 2 * t) / (1 + t * t)
      let radius = ball == 0 ? 0.24 : numbers.next(in: 0.1...0.18)
      crown.append((base + size * (SIMD2(0, -0.62) + direction * around), size * radius))
    }
    self.crown = crown
    green =
      SIMD3(0.17, 0.31, 0.08) + numbers.next(in: -0.03...0.06) * SIMD3(1, 0.9, 0.3)
    haze = max(0, 0.35 - size * 1.6)
  }

  /// The color of the tree at a point, nil beside it.
  func color(_ x: Float, _ y: Float, _ noise: LatticeNoise, sun: SIMD2<Float>) -> SIMD3<Float>? {
    let point = SIMD2(x, y)
    let away = point - base
    guard abs(away.x) < height * 0.55, away.y < 0.01 * height, away.y > -1.1 * height else {
      return nil
    }
    // Leaves have one size in the tree, but no less than a pixel or two in the picture.
    let grain = min(170, 26 / height)
    let leaves = noise(x * grain, y * grain) + 0.6 * noise(x * grain * 2.3 + 9, y * grain * 2.3)
    var light: Float = -1
    for ball in crown {
      let offset = (point - ball.center) / ball.radius
      let distance = (offset * offset).sum()
      guard distance < 1 + 0.28 * leaves else { continue }
      light = max(light, 0.5 + 0.45 * (offset * sun).sum() - 0.12 * distance)
    }
    var color: SIMD3<Float>
    if light > -1 {
      let shade = 0.55 + 0.75 * light + 0.24 * leaves
      color = green * max(0.3, shade) + max(0, shade - 1) * SIMD3(0.16, 0.16, 0.03)
    } else if abs(away.x) < height * (0.025 - 0.02 * away.y / height), away.y > -0.5 * height {
      let side = 0.8 + 0.3 * away.x * sun.x / (height * 0.03)
      color = SIMD3(0.28, 0.22, 0.16) * (side + 0.15 * leaves)
    } else {
      return nil
    }
    color += (SIMD3(0.6, 0.72, 0.78) - color) * haze
    return color
  }

  /// How much light the tree leaves on the ground at a point, 0.58...1.
  func shadow(_ x: Float, _ y: Float, sun: SIMD2<Float>) -> Float {
    let offset = SIMD2(x - base.x + sun.x * height * 0.25, (y - base.y) * 4) / (height * 0.42)
    return 1 - 0.42 * smoothStep((1 - (offset * offset).sum()) * 1.2)
  }
}
