/// A 3 x 3 matrix and a constant, for eight pixels at a time: y = M x + c.
struct AffineMap3: Sendable {
  private let first: SIMD4<Float>
  private let second: SIMD4<Float>
  private let third: SIMD4<Float>

  /// Takes M by rows.
  init(_ rows: [SIMD3<Double>], constant: SIMD3<Double> = .zero) {
    let rounded = rows.indices.map { index in
      SIMD4<Float>(SIMD4(rows[index], constant[index]))
    }
    (first, second, third) = (rounded[0], rounded[1], rounded[2])
  }

  @inline(__always)
  func callAsFunction(_ x: Vector, _ y: Vector, _ z: Vector) -> (Vector, Vector, Vector) {
    (Self.row(first, x, y, z), Self.row(second, x, y, z), Self.row(third, x, y, z))
  }

  @inline(__always)
  private static func row(_ m: SIMD4<Float>, _ x: Vector, _ y: Vector, _ z: Vector) -> Vector {
    m.x * x + m.y * y + m.z * z + Vector(repeating: m.w)
  }
}
