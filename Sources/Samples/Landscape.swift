import Base
public import TesseraPlugin
public import TileIO

/// A made-up summer landscape: sky with clouds, hills in haze, a meadow or a lake, and trees.
///
/// Like ``SyntheticSlide``, a pixel is a function of the size, the seed and its place alone.
public final class Landscape: ImageSource {
  /// What the picture says about itself: RGB of 8 bits, random access.
  public let info: ImageInfo

  private let noise: LatticeNoise
  private let horizon: Float
  private let hasLake: Bool
  private let clouds: Float
  private let sun: SIMD2<Float>
  private let trees: [Tree]

  /// Composes a picture of `width` x `height` px.
  public init(width: Int, height: Int, seed: UInt64) {
    precondition(width > 0 && height > 0, "a picture of \(width) x \(height)")
    var info = ImageInfo(
      format: "synthetic photograph", width: width, height: height, channels: 3, color: .rgb,
      sampleFormat: .uint8)
    info.isLossy = true
    info.isRandomAccess = true
    self.info = info
    noise = LatticeNoise(seed: UInt32(truncatingIfNeeded: seed &* 0x9E37_79B9 ^ (seed >> 32)))
    var numbers = HashedNumbers(noise, x: 1, y: 2)
    horizon = numbers.next(in: 0.42...0.56)
    hasLake = numbers.next() < 0.5
    clouds = numbers.next(in: -0.25...0.3)
    sun = [numbers.next(in: -0.8...0.8), -0.6]
    trees = Tree.group(noise, horizon: horizon, aroundLake: hasLake)
  }

  /// Computes the pixels of the tile's region.
  public func read(into tile: inout Tile) throws(TesseraError) {
    precondition(tile.channels == 3 && tile.format == .uint8, "a picture is 3 x uint8")
    precondition(info.region.contains(tile.region), "\(tile.region) of a picture \(info.region)")
    let region = tile.region
    // One unit is the height of the picture.
    let scale = 1 / Float(info.height)
    for y in region.rows {
      tile.withMutableRow(y, columns: region.columns, as: UInt8.self) { span in
        for index in 0..<region.width {
          let x = Float(region.x + index)
          var color = SIMD3<Float>.zero
          // Four points a pixel soften the outlines.
          for (dx, dy) in [(0.2, 0.4), (0.6, 0.2), (0.8, 0.6), (0.4, 0.8)] as [(Float, Float)] {
            color += 0.25 * self.color((x + dx) * scale, (Float(y) + dy) * scale)
          }
          for channel in 0..<3 {
            span[3 * index + channel] = UInt8(
              saturating: (color[channel] * 255 + 0.5).rounded(.down))
          }
        }
      }
    }
  }

  private func color(_ x: Float, _ y: Float) -> SIMD3<Float> {
    for tree in trees {
      if let color = tree.color(x, y, noise, sun: sun) { return color }
    }
    let shore = horizon + 0.03 + 0.012 * noise(x * 3 + 9, 4)
    let beach = 0.8 + 0.06 * noise(x * 2.3, 8.1)
    if y < shore { return distance(x, y) }
    if hasLake, y < beach { return lake(x, y, shore: shore) }
    return meadow(x, y)
  }

  /// Sky, and hills in front of it.
  private func distance(_ x: Float, _ y: Float) -> SIMD3<Float> {
    for layer in (0..<4).reversed() {
      let near = Float(layer) / 3
      let place = Float(layer) * 31.7
      let ridge =
        horizon + 0.02 - 0.15 * (1 - near) + (0.08 - 0.04 * near)
        * (noise(x * (1.7 + near) + place, place) + 0.35 * noise(x * 6 + place, place + 3))
        + 0.006 * near * noise(x * 90, place)
      guard y > ridge else { continue }
      let forest = fractal(x * (60 + 40 * near), y * (90 + 60 * near) + place)
      let slope = noise(x * 5 + place, (y - ridge) * 14)
      let hill =
        SIMD3<Float>(0.19, 0.33, 0.13) + (0.06 + 0.06 * near) * forest + 0.04 * slope
      let haze = SIMD3<Float>(0.62, 0.73, 0.85)
      return hill + (haze - hill) * (0.78 - 0.66 * near)
    }
    return sky(x, y)
  }

  private func sky(_ x: Float, _ y: Float) -> SIMD3<Float> {
    let height = max(0, horizon - y) / horizon
    let low = SIMD3<Float>(0.8, 0.88, 0.95)
    let high = SIMD3<Float>(0.25, 0.48, 0.8)
    let blue = low + (high - low) * height.squareRoot()
    // A flat layer of clouds seen from below.
    let away = 1 / (height + 0.16)
    let u = (x - 0.66) * away * 2.4
    let v = away * 2.1
    let cover = fractal(u, v) + clouds
    let shade = fractal(u + sun.x * 0.14, v - 0.12)
    let cloud = SIMD3<Float>(0.93, 0.94, 0.96) - max(0, shade) * SIMD3(0.16, 0.14, 0.1)
    let amount = smoothStep(cover * 2.6) * (0.35 + 0.65 * min(1, height * 3))
    return blue + (cloud - blue) * amount
  }

  private func lake(_ x: Float, _ y: Float, shore: Float) -> SIMD3<Float> {
    let near = (y - shore) / (1 - shore)
    let ripple = noise(x * (70 - 50 * near), y * (520 - 380 * near))
    let swell = noise(x * 9, y * 130)
    let mirrored = distance(x + 0.006 * ripple, shore - (y - shore) * 0.8 + 0.012 * ripple * near)
    let water = SIMD3<Float>(0.1, 0.22, 0.27)
    return water + (mirrored - water) * (0.72 - 0.25 * near) + 0.025 * ripple + 0.015 * swell
  }

  private func meadow(_ x: Float, _ y: Float) -> SIMD3<Float> {
    let near = max(0.03, y - horizon + 0.02)
    // Perspective: the ground at row y lies 1 / near away.
    let u = (x - 0.66) / near
    let v = 1 / near
    let patches = fractal(u * 1.1, v * 0.9)
    let tufts = fractal(u * 14, v * 16)
    let blades = noise(x * 260 + 3 * patches, y * 46) + 0.6 * noise(x * 130, y * 30 + 3)
    let fade = min(1, near * 3)
    var color = SIMD3<Float>(0.36, 0.5, 0.16) + patches * SIMD3(0.09, 0.06, 0.02)
    color += (0.07 * tufts + 0.055 * blades * fade) * SIMD3(0.9, 1, 0.5)
    // Flowers in the foreground, each one a lattice point with its own color.
    let flower = noise(u * 22 + 5, v * 26)
    let field = noise(u * 0.8 + 40, v * 0.8)
    if flower > 0.84 - 0.2 * field, near > 0.12, patches > -0.1 {
      color = field > 0.1 ? [0.93, 0.82, 0.25] : [0.93, 0.92, 0.88]
    }
    for tree in trees { color *= tree.shadow(x, y, sun: sun) }
    let haze = SIMD3<Float>(0.6, 0.7, 0.66)
    return color + (haze - color) * max(0, 0.45 - 3 * near)
  }

  private func fractal(_ x: Float, _ y: Float) -> Float {
    var sum: Float = 0
    var weight: Float = 0.56
    var point = SIMD2(x, y)
    for _ in 0..<5 {
      sum += weight * noise(point.x, point.y)
      point = SIMD2(1.6 * point.x - 1.2 * point.y, 1.2 * point.x + 1.6 * point.y) + 11.3
      weight *= 0.52
    }
    return sum
  }
}
