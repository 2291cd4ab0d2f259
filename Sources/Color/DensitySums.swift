/// Sums over the densities of many pixels.
package struct DensitySums {
  /// Number of pixels.
  package private(set) var count = 0
  private var sum = SIMD3<Double>()
  private var squares = SIMD3<Double>()
  private var products = SIMD3<Double>()

  /// Adds up the densities of R, G, B samples.
  package init(_ samples: [UInt8], density: DensityTable) {
    density.forEach(samples) { d in
      sum += d
      squares += d * d
      products += SIMD3(d.x * d.y, d.x * d.z, d.y * d.z)
    }
    count = samples.count / 3
  }

  /// The second moments about the origin.
  package var moments: SymmetricMatrix3 {
    SymmetricMatrix3(diagonal: squares / Double(count), rest: products / Double(count))
  }

  /// The covariance.
  package var covariance: SymmetricMatrix3 {
    let n = Double(count)
    let mixed = SIMD3(sum.x * sum.y, sum.x * sum.z, sum.y * sum.z)
    return SymmetricMatrix3(
      diagonal: (squares - sum * sum / n) / (n - 1), rest: (products - mixed / n) / (n - 1))
  }
}
