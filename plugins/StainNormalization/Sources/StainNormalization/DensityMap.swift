/// A linear map of optical densities: density' = M density.
struct DensityMap: Sendable {
  /// The rows of M, for R, G and B.
  let rows: [SIMD3<Double>]

  /// Separates the stains of `source`, scales their concentrations and mixes them as `target` does.
  ///
  /// M = T diag(cT / cS) S⁺, with the stains as columns. With `keepsResidual` the direction that
  /// neither stain absorbs along is a third stain, whose concentration is kept as it is: M is then
  /// the identity if source and target are the same.
  init(from source: StainFit, to target: StainFit, keepsResidual: Bool) {
    let unmixing = source.stains.unmixing
    let scale = target.maxConcentrations / source.maxConcentrations
    let (h, e) = (target.stains.haematoxylin, target.stains.eosin)
    let (residualOut, residualIn) = (target.stains.residual, source.stains.residual)
    rows = (0..<3).map { channel in
      var row =
        h[channel] * scale.x * unmixing.haematoxylin + e[channel] * scale.y * unmixing.eosin
      if keepsResidual { row += residualOut[channel] * residualIn }
      return row
    }
  }

  /// The largest sum of magnitudes in a row: how far a density can be amplified.
  var amplification: Double {
    rows.map { abs($0.x) + abs($0.y) + abs($0.z) }.max() ?? 0
  }
}
