import Color
import TesseraPlugin
import Testing

@testable import StainNormalization

struct FidelityGateTests {
  /// Two stains in the roles of target and source; a swap turns dark into light.
  @Test func `a map that keeps dark pixels dark passes, and one that turns them is refused`() {
    let covariance = SymmetricMatrix3(
      diagonal: SIMD3(0.10, 0.12, 0.05), rest: SIMD3(0.10, 0.06, 0.07))
    let same = DensityMap(from: .builtIn, to: .builtIn)
    #expect(same.fidelity(covariance) > 0.9)
    #expect(StainNormalization.fault(of: same, from: .builtIn, covariance) == nil)
    // The background is taken for haematoxylin and the nuclei for eosin, nearly parallel.
    let wrong = StainFit(
      stains: StainMatrix(
        haematoxylin: SIMD3(0.58, 0.71, 0.40), eosin: SIMD3(0.46, 0.87, 0.16)),
      maxConcentrations: SIMD2(0.67, 1.98))
    let nuclei = SymmetricMatrix3(
      diagonal: SIMD3(0.05, 0.20, 0.004), rest: SIMD3(0.10, 0.014, 0.028))
    let negative = DensityMap(from: wrong, to: .builtIn)
    #expect(negative.fidelity(nuclei) < 0.8)
    #expect(StainNormalization.fault(of: negative, from: wrong, nuclei)?.contains("dark") == true)
    #expect(StainNormalization.fault(of: negative, from: wrong, nil)?.contains("dark") != true)
  }

  @Test func `the fidelity is the correlation of mean densities`() {
    // Three pixels, by hand.
    let pixels = [SIMD3(0.1, 0.2, 0.1), SIMD3(0.5, 0.9, 0.3), SIMD3(0.7, 0.6, 0.4)]
    let map = DensityMap(from: .builtIn, to: .builtIn)
    let mean = pixels.reduce(SIMD3(), +) / 3
    var (diagonal, rest) = (SIMD3<Double>(), SIMD3<Double>())
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for pixel in pixels {
      let d = pixel - mean
      diagonal += d * d
      rest += SIMD3(d.x * d.y, d.x * d.z, d.y * d.z)
      let before = d.sum()
      let after = map.rows.map { ($0 * d).sum() }.reduce(0, +)
      xx += before * before
      xy += before * after
      yy += after * after
    }
    let fidelity = map.fidelity(SymmetricMatrix3(diagonal: diagonal, rest: rest))
    #expect(abs(fidelity - xy / (xx * yy).squareRoot()) < 1e-12)
  }
}
