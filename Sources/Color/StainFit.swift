/// The stains of an image and how strong they get in it.
package struct StainFit: Sendable, Hashable {
  /// The stain vectors.
  package var stains: StainMatrix
  /// The 99th percentile of the concentration of haematoxylin (x) and of eosin (y).
  package var maxConcentrations: SIMD2<Double>

  /// Takes the numbers as they are.
  package init(stains: StainMatrix, maxConcentrations: SIMD2<Double>) {
    (self.stains, self.maxConcentrations) = (stains, maxConcentrations)
  }

  /// The appearance that torchstain and its ancestors normalize to: densities as natural
  /// logarithms.
  package static let builtIn = StainFit(
    stains: StainMatrix(
      haematoxylin: SIMD3(0.5626, 0.7201, 0.4062), eosin: SIMD3(0.2159, 0.8012, 0.5581)),
    maxConcentrations: SIMD2(1.9705, 1.0308))

  /// What makes the fit unusable, or nil.
  ///
  /// The gates: finite numbers; stains that absorb (no component below -0.1); 5 to 75 degrees
  /// between them; concentrations from 0.05 to 20.
  package var fault: String? {
    let vectors = [stains.haematoxylin, stains.eosin]
    guard vectors.allSatisfy(\.isFinite), maxConcentrations.x.isFinite, maxConcentrations.y.isFinite
    else { return "the stain vectors are not finite" }
    guard vectors.allSatisfy({ $0.min() >= -0.1 }) else {
      return "a stain vector points away from positive densities"
    }
    guard (5...75).contains(stains.angle) else {
      return "the two stain vectors are \(decimal(stains.angle, 1)) degrees apart; "
        + "5 to 75 is plausible"
    }
    for (name, value) in [("haematoxylin", maxConcentrations.x), ("eosin", maxConcentrations.y)] {
      guard (0.05...20).contains(value) else {
        return "the concentration of \(name) reaches \(decimal(value, 3)); 0.05 to 20 is plausible"
      }
    }
    return nil
  }
}

extension StainFit {
  /// Measures how strong stains get in R, G, B samples: the percentile `percent` of the concentration
  /// of each, by least squares or, with a penalty, by non-negative unmixing.
  package init(
    _ stains: StainMatrix, in samples: [UInt8], density: DensityTable, percent: Double = 99,
    penalty: Double? = nil
  ) {
    func highest(_ concentration: (SIMD3<Double>) -> Double) -> Double {
      percentile(percent, of: density.map(samples, concentration)) ?? .nan
    }
    self.init(stains: stains, maxConcentrations: SIMD2(repeating: .nan))
    if let penalty {
      let unmixing = SparseUnmixing(stains, penalty: penalty)
      maxConcentrations = SIMD2(
        highest { unmixing.concentrations($0).x }, highest { unmixing.concentrations($0).y })
    } else {
      let (h, e) = stains.unmixing
      guard h.isFinite, e.isFinite else { return }
      maxConcentrations = SIMD2(highest { h.dot($0) }, highest { e.dot($0) })
    }
  }
}
