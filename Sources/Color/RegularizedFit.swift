/// The stains of H&E in an image, drawn half way to the built-in ones.
///
/// Where a stain is rare its vector is a guess, and the ratio of the two strengths says more of the
/// tissue than of the laboratory: so the vectors are the means of those measured and those built in,
/// and half of what the ratio differs from the built-in one is kept. The strength of a stain is 1.25
/// times the 95th percentile of its concentration, near the 99th and without its noise. Measured in
/// docs/decisions/stain-fit.md.
package struct RegularizedFit: Sendable {
  /// The vectors as measured.
  package let measured: StainMatrix
  /// The fit.
  package let fit: StainFit

  /// Left out at each end of the angle and above a concentration, in percent.
  package static let tail = 5.0
  /// The 99th percentile of a concentration over the 95th.
  private static let top = 1.25

  /// Takes the vectors that a method measured; fixed ones are not drawn.
  package init(_ measured: StainMatrix, in tissue: StainedTissue, isFixed: Bool = false) {
    let builtIn = StainFit.builtIn
    self.measured = measured
    let stains =
      isFixed
      ? measured
      : StainMatrix(
        haematoxylin: (measured.haematoxylin + builtIn.stains.haematoxylin).unit,
        eosin: (measured.eosin + builtIn.stains.eosin).unit)
    var fit = Self.strengths(of: stains, in: tissue)
    strengths = fit.maxConcentrations
    let ratio =
      fit.maxConcentrations.y / fit.maxConcentrations.x
      / (builtIn.maxConcentrations.y / builtIn.maxConcentrations.x)
    let root = ratio.squareRoot().squareRoot()
    fit.maxConcentrations *= SIMD2(root, 1 / root)
    self.fit = fit
  }

  /// Fixed vectors, with how strong they get.
  package static func strengths(of stains: StainMatrix, in tissue: StainedTissue) -> StainFit {
    var fit = StainFit(
      stains, in: tissue.sample.extent, density: tissue.density, percent: 100 - tail)
    fit.maxConcentrations *= top
    return fit
  }

  /// The strengths before their ratio is drawn.
  private let strengths: SIMD2<Double>

  /// What makes the fit unusable, or nil: the gates of ``StainFit/fault``.
  ///
  /// They hold for what was measured and for what came of it; measured vectors may lie close to each
  /// other.
  package var fault: String? {
    if measured.haematoxylin.isFinite, measured.eosin.isFinite {
      guard min(measured.haematoxylin.min(), measured.eosin.min()) >= -0.1 else {
        return "a stain vector points away from positive densities"
      }
      guard measured.angle <= 75 else {
        return "the two stain vectors are \(decimal(measured.angle, 1)) degrees apart; "
          + "75 is the limit"
      }
    }
    return StainFit(stains: fit.stains, maxConcentrations: strengths).fault ?? fit.fault
  }
}
