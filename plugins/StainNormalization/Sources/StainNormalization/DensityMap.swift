import Color

/// A linear map of optical densities: density' = M density.
struct DensityMap: Sendable {
  /// The rows of M, for R, G and B.
  let rows: [SIMD3<Double>]

  /// Separates the stains of `source`, scales their concentrations and mixes them as `target` does:
  /// M = T diag(cT / cS) S⁺, with the stains as the columns of S and T and the 99th percentiles of
  /// their concentrations in cS and cT.
  init(from source: StainFit, to target: StainFit) {
    let unmixing = source.stains.unmixing
    let scale = target.maxConcentrations / source.maxConcentrations
    rows = (0..<3).map { channel in
      let haematoxylin = target.stains.haematoxylin[channel] * scale.x * unmixing.haematoxylin
      return haematoxylin + target.stains.eosin[channel] * scale.y * unmixing.eosin
    }
  }

  /// The largest sum of magnitudes in a row: how far a density can be amplified.
  var amplification: Double {
    rows.map { abs($0.x) + abs($0.y) + abs($0.z) }.max() ?? 0
  }

  /// The correlation of a pixel's mean density before the map with that after it, over pixels with
  /// this covariance: 1 where dark stays dark, negative where dark comes out light.
  func fidelity(_ covariance: SymmetricMatrix3) -> Double {
    let before = SIMD3<Double>(repeating: 1)
    // uᵀ(M d) = (Mᵀu)ᵀ d.
    let after = rows[0] + rows[1] + rows[2]
    let variances = covariance.product(before, before) * covariance.product(after, after)
    return variances > 0 ? covariance.product(before, after) / variances.squareRoot() : 0
  }
}
