import Color
import TesseraPlugin

extension Appearance {
  /// Fits a method to tissue by the conventions of this package; throws where the fit is implausible.
  init(
    _ tissue: StainedTissue, method: StainMethod, stains: StainPair
  ) throws(PairError) {
    let (samples, density) = (tissue.sample.tissue, tissue.density)
    guard method.separatesStains else {
      self = .lab(LabFit(tissue.sample.extent, inBytes: false))
      return
    }
    if let vectors = stains.vectors {
      self = .stains(
        RegularizedFit.strengths(of: vectors, in: tissue))
      return
    }
    let measured: StainMatrix
    switch method {
    case .macenko, .reinhard:
      measured = macenkoStains(
        samples, density: density, isCentered: false, tail: RegularizedFit.tail)
    case .vahadane:
      measured = vahadaneStains(
        samples, density: density,
        start: macenkoStains(
          samples, density: density, isCentered: false, tail: RegularizedFit.tail))
    case .ruifrok: measured = .ruifrok
    }
    let fit = RegularizedFit(measured, in: tissue, isFixed: method == .ruifrok)
    if let fault = fit.fault { throw PairError("the fit is implausible: \(fault)") }
    self = .stains(fit.fit)
  }

  /// Fits a method to a sample of colors by the conventions of another package.
  init(
    _ sample: FitSample, method: StainMethod, conventions: Conventions
  ) throws(PairError) {
    guard method.separatesStains else {
      self = .lab(LabFit(sample.extent, inBytes: conventions.usesByteLab))
      return
    }
    let density = DensityTable(conventions.density)
    let stains: StainMatrix
    switch method {
    case .macenko, .reinhard:
      stains = macenkoStains(sample.tissue, density: density, isCentered: true, tail: 1)
    case .vahadane where conventions == .tiatoolbox:
      stains = transposedDictionaryStains(sample.tissue, density: density)
    case .vahadane:
      stains = vahadaneStains(
        sample.tissue, density: density,
        start: macenkoStains(sample.tissue, density: density, isCentered: true, tail: 1))
    case .ruifrok: stains = .ruifrok
    }
    self = .stains(
      StainFit(stains, in: sample.extent, density: density, penalty: conventions.unmixingPenalty))
  }
}

extension LabFit {
  /// Measures mean and deviation over R, G, B samples, in floating-point Lab or in OpenCV's bytes.
  init(_ samples: [UInt8], inBytes: Bool) {
    let bytes = ByteLab()
    let light = (0..<256).map { LabSpace.light(Double($0) / 255) }
    var (sum, squares) = (SIMD3<Double>(), SIMD3<Double>())
    // About a point inside the range, so that the squares do not cancel.
    let origin = SIMD3<Double>(60, 20, -10)
    for offset in stride(from: 0, to: samples.count, by: 3) {
      let (r, g, b) = (samples[offset], samples[offset + 1], samples[offset + 2])
      let lab: SIMD3<Double>
      if inBytes {
        let value = bytes.bytes(r, g, b)
        lab = SIMD3(Double(value.0) / 2.55, Double(value.1) - 128, Double(value.2) - 128)
      } else {
        lab = LabSpace.standard.lab(light: SIMD3(light[Int(r)], light[Int(g)], light[Int(b)]))
      }
      let d = lab - origin
      sum += d
      squares += d * d
    }
    let count = Double(samples.count / 3)
    let mean = sum / count
    let variance = squares / count - mean * mean
    means = mean + origin
    deviations = variance.clamped(
      lowerBound: SIMD3(repeating: 0), upperBound: SIMD3(repeating: .infinity)
    ).squareRoot()
  }
}
