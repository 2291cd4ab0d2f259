/// From Lab back to sRGB levels, eight pixels at a time.
struct LabDecoder: Sendable {
  private let white: SIMD3<Float>
  private let toRGB: [SIMD3<Float>]

  init(_ space: LabSpace) {
    white = SIMD3(Float(space.white.x), Float(space.white.y), Float(space.white.z))
    toRGB = space.toRGB.map { SIMD3(Float($0.x), Float($0.y), Float($0.z)) }
  }

  /// The levels 0...255 of compressed shares of white x, y and z.
  @inline(__always)
  func levels(_ x: Vector, _ y: Vector, _ z: Vector) -> (Vector, Vector, Vector) {
    let (lx, ly, lz) = (
      expanded(x) * white.x, expanded(y) * white.y, expanded(z) * white.z
    )
    @inline(__always) func row(_ m: SIMD3<Float>) -> Vector {
      encoded(m.x * lx + m.y * ly + m.z * lz)
    }
    return (row(toRGB[0]), row(toRGB[1]), row(toRGB[2]))
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
    let curve = exp2(log2(clamp(limited, 0.003, 1)) * (1 / 2.4)) * (1.055 * 255) - 0.055 * 255
    return line.replacing(with: curve, where: limited .> 0.0031308)
  }
}
