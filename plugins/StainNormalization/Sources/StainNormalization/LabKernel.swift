/// Shifts and stretches the channels of CIE Lab: lab' = (lab - mean) · deviation' / deviation + mean'.
///
/// Lab is linear in the compressed shares of white f = (fx, fy, fz), so the map is a 3 x 3 matrix
/// there. In single precision a result differs from the exact one by less than 0.02 of a level.
struct LabKernel: PixelKernel {
  // Linear RGB to shares of white.
  private let shares: AffineMap3
  // Compressed shares to compressed shares.
  private let map: AffineMap3
  private let decoder: LabDecoder

  init(from source: LabFit, to target: LabFit, space: LabSpace = .standard) {
    shares = AffineMap3((0..<3).map { space.toXYZ[$0] / space.white[$0] })
    // lab = A f + (-16, 0, 0) and f = B (lab + (16, 0, 0)).
    let a = [SIMD3<Double>(0, 116, 0), SIMD3(500, -500, 0), SIMD3(0, 200, -200)]
    let b = [
      SIMD3<Double>(1.0 / 116, 1.0 / 500, 0), SIMD3(1.0 / 116, 0, 0),
      SIMD3(1.0 / 116, 0, -1.0 / 200),
    ]
    let scale = target.deviations / source.deviations
    let shift = target.means - scale * source.means
    let offset = scale * SIMD3(-16, 0, 0) + shift + SIMD3(16, 0, 0)
    let rows = b.map { row in
      let weighted = row * scale
      return weighted.x * a[0] + weighted.y * a[1] + weighted.z * a[2]
    }
    map = AffineMap3(
      rows, constant: SIMD3(b[0].dot(offset), b[1].dot(offset), b[2].dot(offset)))
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
    let (x, y, z) = shares(red, green, blue)
    let (fx, fy, fz) = map(compressed(x), compressed(y), compressed(z))
    (red, green, blue) = decoder.levels(fx, fy, fz)
  }

  @inline(__always)
  private func compressed(_ share: Vector) -> Vector {
    let line = share * 7.787 + 16 / 116
    return line.replacing(with: cubeRoot(share), where: share .> 0.008856)
  }
}
