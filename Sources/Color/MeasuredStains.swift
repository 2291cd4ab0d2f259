import TesseraPlugin

/// The stains of an image, for programs that compare images: measured as the pair `stain-normalization`
/// does, by Macenko's method inside of the tissue, before they are drawn to the built-in ones.
package struct MeasuredStains: Sendable, Hashable {
  /// The density of haematoxylin in R, G, B, of unit length.
  package let haematoxylin: SIMD3<Double>
  /// The density of eosin in R, G, B, of unit length.
  package let eosin: SIMD3<Double>

  /// Fits an image or an overview of three channels; throws where it holds too little stained tissue
  /// or its stains are not those of H&E.
  package init(_ pixels: borrowing Tile) throws(PairError) {
    precondition(pixels.channels == 3, "\(pixels.channels) channels")
    let levels = FitPixels(pixels)
    let glass = Glass(levels)
    let mask = TissueMask(levels.balanced(glass ?? Glass()), score: .saturation)
    guard mask.count > 0 else { throw PairError("no tissue was found") }
    let tissue = StainedTissue(levels, mask: mask, glass: glass)
    guard tissue.sample.tissue.count / 3 >= FitSample.minimumPixels else {
      throw PairError(
        "too little stained tissue to fit: \(tissue.sample.tissue.count / 3) px; "
          + "\(FitSample.minimumPixels) are needed")
    }
    let fit = RegularizedFit(
      macenkoStains(
        tissue.sample.tissue, density: tissue.density, isCentered: false, tail: RegularizedFit.tail),
      in: tissue)
    if let fault = fit.fault { throw PairError("the fit is implausible: \(fault)") }
    (haematoxylin, eosin) = (fit.measured.haematoxylin, fit.measured.eosin)
  }

  /// The mean of the vectors of several images, as `tessera fit` averages a cohort.
  package init?(averaging stains: [MeasuredStains]) {
    guard !stains.isEmpty else { return nil }
    haematoxylin = stains.reduce(SIMD3()) { $0 + $1.haematoxylin }.unit
    eosin = stains.reduce(SIMD3()) { $0 + $1.eosin }.unit
  }

  /// The angles in degrees between the vectors of haematoxylin, and between those of eosin.
  package func angles(to other: MeasuredStains) -> (haematoxylin: Double, eosin: Double) {
    func angle(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Double {
      arcTangent(y: a.cross(b).length, x: a.dot(b)) * 180 / .pi
    }
    return (angle(haematoxylin, other.haematoxylin), angle(eosin, other.eosin))
  }

  /// The median of the mean of R, G and B over its 95th percentile, in the tissue; nil without
  /// any.
  ///
  /// The field of stain normalization calls it NMI.
  package static func normalizedMedianIntensity(_ pixels: borrowing Tile) -> Double? {
    let levels = FitPixels(pixels)
    let mask = TissueMask(levels, score: .saturation)
    var means: [Double] = []
    means.reserveCapacity(mask.count)
    for index in 0..<levels.count where mask.isTissue[index] {
      let sum =
        Int(levels.samples[3 * index]) + Int(levels.samples[3 * index + 1])
        + Int(levels.samples[3 * index + 2])
      means.append(Double(sum) / 3)
    }
    guard let median = percentile(50, of: means), let bright = percentile(95, of: means),
      bright > 0
    else { return nil }
    return median / bright
  }
}
