/// A symmetric 3 x 3 matrix.
package struct SymmetricMatrix3: Sendable {
  /// The diagonal: xx, yy, zz.
  package var diagonal: SIMD3<Double>
  /// The rest: xy, xz, yz.
  package var rest: SIMD3<Double>

  /// Takes the numbers as they are.
  package init(diagonal: SIMD3<Double>, rest: SIMD3<Double>) {
    (self.diagonal, self.rest) = (diagonal, rest)
  }

  /// The bilinear form aᵀ M b.
  package func product(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
    let mixed = SIMD3(a.x * b.y + a.y * b.x, a.x * b.z + a.z * b.x, a.y * b.z + a.z * b.y)
    return (diagonal * a * b).sum() + (rest * mixed).sum()
  }

  /// The eigenvectors, that of the largest eigenvalue first, each pointing towards positive densities.
  ///
  /// Cyclic Jacobi rotations; a 3 x 3 matrix converges in about five sweeps.
  package var eigenvectors: [SIMD3<Double>] {
    var a = [
      [diagonal.x, rest.x, rest.y], [rest.x, diagonal.y, rest.z], [rest.y, rest.z, diagonal.z],
    ]
    var v: [SIMD3<Double>] = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
    for _ in 0..<32 {
      let offDiagonal = abs(a[0][1]) + abs(a[0][2]) + abs(a[1][2])
      guard offDiagonal > 1e-300, offDiagonal.isFinite else { break }
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<3 {
          let (kp, kq) = (a[k][p], a[k][q])
          (a[k][p], a[k][q]) = (c * kp - s * kq, s * kp + c * kq)
        }
        for k in 0..<3 {
          let (pk, qk) = (a[p][k], a[q][k])
          (a[p][k], a[q][k]) = (c * pk - s * qk, s * pk + c * qk)
        }
        (v[p], v[q]) = (c * v[p] - s * v[q], s * v[p] + c * v[q])
      }
    }
    return [0, 1, 2].sorted { a[$0][$0] > a[$1][$1] }.map { index in
      let vector = v[index]
      let sum = vector.sum()
      return sum < 0 ? -vector : vector
    }
  }
}
