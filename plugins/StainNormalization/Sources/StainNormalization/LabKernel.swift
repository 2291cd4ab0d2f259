/// Shifts and stretches the channels of CIE Lab: lab' = (lab - mean) · deviation' / deviation + mean'.
///
/// Lab is linear in the compressed shares of white f = (fx, fy, fz), so the map is a 3 x 3 matrix
/// there. In single precision a result differs from the exact one by less than 0.02 of a level.
struct LabKernel: PixelKernel {
  // Linear RGB to shares of white.
  private let shares: [SIMD3<Float>]
  // f' = M f + constant
  private let rows: [SIMD4<Float>]
  private let decoder: LabDecoder

  init(from source: LabFit, to target: LabFit, space: LabSpace = .standard) {
    shares = (0..<3).map { index in
      let row = space.toXYZ[index] / space.white[index]
      return SIMD3(Float(row.x), Float(row.y), Float(row.z))
    }
    // lab = A f + (-16, 0, 0) and f = B (lab + (16, 0, 0)).
    let a = [SIMD3<Double>(0, 116, 0), SIMD3(500, -500, 0), SIMD3(0, 200, -200)]
    let b = [
      SIMD3<Double>(1.0 / 116, 1.0 / 500, 0), SIMD3(1.0 / 116, 0, 0),
      SIMD3(1.0 / 116, 0, -1.0 / 200),
    ]
    let scale = target.deviations / source.deviations
    let shift = target.means - scale * source.means
    let offset = scale * SIMD3(-16, 0, 0) + shift + SIMD3(16, 0, 0)
    rows = b.map { row in
      let weighted = row * scale
      let m = weighted.x * a[0] + weighted.y * a[1] + weighted.z * a[2]
      return SIMD4(Float(m.x), Float(m.y), Float(m.z), Float(row.dot(offset)))
    }
    decoder = LabDecoder(space)
  }

  @inline(__always)
  func decode(_ level: Vector) -> Vector {
    let share = level * (1 / 255)
    let curve = exp2(log2(clamp((share + 0.055) * (1 / 1.055), 0.05, 2)) * 2.4)
    return (share * (1 / 12.92)).replacing(with: curve, where: share .> 0.04045)
  }

  @inline(__always)
  func mix(_ red: inout Vector, _ green: inout Vector, _ blue: inout Vector) {
    let (r, g, b) = (red, green, blue)
    @inline(__always) func compressed(_ m: SIMD3<Float>) -> Vector {
      let share = m.x * r + m.y * g + m.z * b
      let root = exp2(log2(clamp(share, 0.008, 2)) * (1 / 3))
      return (share * 7.787 + 16 / 116).replacing(with: root, where: share .> 0.008856)
    }
    let (x, y, z) = (compressed(shares[0]), compressed(shares[1]), compressed(shares[2]))
    @inline(__always) func row(_ m: SIMD4<Float>) -> Vector {
      m.x * x + m.y * y + m.z * z + m.w
    }
    (red, green, blue) = decoder.levels(row(rows[0]), row(rows[1]), row(rows[2]))
  }
}
