import Color

/// From Lab back to sRGB levels, eight pixels at a time.
struct LabDecoder: Sendable {
  // From shares of white to linear RGB.
  private let light: AffineMap3

  init(_ space: LabSpace) { light = AffineMap3(space.toRGB.map { $0 * space.white }) }

  /// The levels 0...255 of compressed shares of white x, y and z.
  @inline(__always)
  func levels(_ x: Vector, _ y: Vector, _ z: Vector) -> (Vector, Vector, Vector) {
    let (r, g, b) = light(expanded(x), expanded(y), expanded(z))
    return (encoded(r), encoded(g), encoded(b))
  }

  @inline(__always)
  private func expanded(_ f: Vector) -> Vector {
    let line = (f - 16 / 116) * (1 / 7.787)
    return line.replacing(with: f * f * f, where: f .> 0.2068966)
  }

  @inline(__always)
  private func encoded(_ light: Vector) -> Vector {
    let limited = clamp(light, 0, 1)
    let line = limited * (12.92 * 255)
    let curve = gammaRoot(limited) * (1.055 * 255) - 0.055 * 255
    return line.replacing(with: curve, where: limited .> 0.0031308)
  }
}
