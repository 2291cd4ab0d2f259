/// The stains of an image and how strong they get in it.
struct StainFit: Sendable, Hashable {
  /// The stain vectors.
  var stains: StainMatrix
  /// The 99th percentile of the concentration of haematoxylin (x) and of eosin (y).
  var maxConcentrations: SIMD2<Double>

  /// The appearance that torchstain and its ancestors normalize to: densities as natural
  /// logarithms.
  static let builtIn = StainFit(
    stains: StainMatrix(
      haematoxylin: SIMD3(0.5626, 0.7201, 0.4062), eosin: SIMD3(0.2159, 0.8012, 0.5581)),
    maxConcentrations: SIMD2(1.9705, 1.0308))

  /// What makes the fit unusable, or nil.
  ///
  /// The gates: finite numbers; stains that absorb (no component below -0.1); 5 to 75 degrees
  /// between them; concentrations from 0.05 to 20.
  var fault: String? {
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
