import Color
import TesseraPlugin

extension StainNormalization {
  /// What came of fitting an image.
  struct Outcome {
    /// The fit, or why there is none.
    var result: Result<Appearance, PairError>
    /// The tissue, unless the mask is off.
    var foreground: RegionMask?
    /// The color of the glass, where there is some and the conventions care.
    var glass: Glass?
    /// The covariance of the densities of stained tissue, for the gate of our own conventions.
    var covariance: SymmetricMatrix3?
    /// What to report.
    var summary: [String: PairValue]
  }

  /// Why the map from `source` is not one between H&E images, or nil; `covariance` is that of the
  /// densities of stained tissue, nil to leave out the gate that needs it.
  static func fault(
    of map: DensityMap, from source: StainFit, _ covariance: SymmetricMatrix3?
  ) -> String? {
    guard map.amplification <= greatestAmplification else {
      return "the stains would have to be amplified \(decimal(map.amplification, 1))-fold; "
        + "\(decimal(greatestAmplification, 0)) is the limit"
    }
    guard let covariance else { return nil }
    let excess = source.maxConcentrations.y / source.maxConcentrations.x
    let fidelity = map.fidelity(covariance)
    guard excess <= greatestExcess || fidelity >= minimumFidelity else {
      return
        "the second stain is \(decimal(excess, 1)) times as dense as the first and dark pixels "
        + "would not stay dark (correlation \(decimal(fidelity, 2))), so these are not "
        + "haematoxylin and eosin; method=reinhard does without stains"
    }
    return nil
  }

  /// Masks an overview and fits it, or the parts of level 0 that come with it.
  static func fit(
    _ overview: borrowing Overview, _ options: FitOptions
  ) throws(PairError) -> Outcome {
    guard overview.pixels.channels == 3 else {
      throw PairError("stains need 3 colour channels, the image has \(overview.pixels.channels)")
    }
    let (method, conventions) = (options.method, options.conventions)
    let pixels = FitPixels(overview.pixels)
    let glass = options.white ?? Glass(pixels)
    let mask = TissueMask(pixels.balanced(glass ?? Glass()), score: options.score)
    var outcome = Outcome(
      result: .failure(PairError("no tissue was found")),
      foreground: options.score == .none
        ? nil
        : RegionMask(
          width: mask.width, height: mask.height, reduction: overview.reduction,
          isForeground: mask.isTissue),
      summary: [
        "method": .text(method.rawValue), "stain": .text(options.stains.rawValue),
        "compat": .text(conventions.rawValue),
        "mask": .text(options.score.rawValue),
        "tissueShare": .number(Double(mask.count) / Double(pixels.count)),
      ])
    if let fault = PlausibleSlide.lightFault(of: pixels) {
      outcome.result = .failure(PairError(fault))
      return outcome
    }
    if conventions.keepsGlass {
      outcome.glass = glass
      if let glass { outcome.summary["glass"] = .numbers((0..<3).map { 255 * glass.share[$0] }) }
    }
    guard mask.count > 0 else { return outcome }
    do throws(PairError) {
      let tissue = Self.tissue(of: overview, pixels, mask, glass, options)
      outcome.summary["inkShare"] = .number(tissue.inkShare)
      let warnings = warnings(tissue, lacksGlass: overview.reduction > 1 && glass == nil)
      if !warnings.isEmpty { outcome.summary["warnings"] = .list(warnings.map(PairValue.text)) }
      if options.stains == .he, let fault = PlausibleSlide.stainFault(of: tissue) {
        throw PairError(fault)
      }
      let sample =
        conventions == .tessera
        ? tissue.sample : FitSample(pixels, conventions: conventions)
      let used = (method == .ruifrok ? sample.extent : sample.tissue).count / 3
      outcome.summary["pixelsFitted"] = .number(Double(used))
      guard used >= FitSample.minimumPixels else {
        throw PairError(
          "too little stained tissue to fit: \(used) px; \(FitSample.minimumPixels) are needed")
      }
      let appearance =
        conventions == .tessera
        ? try Appearance(tissue, method: method, stains: options.stains)
        : try Appearance(sample, method: method, conventions: conventions)
      if appearance.isFinite { outcome.summary.merge(appearance.values) { $1 } }
      if let fault = appearance.fault { throw PairError("the fit is implausible: \(fault)") }
      // Who asks for another package's conventions wants its result, good or bad.
      if conventions == .tessera, options.stains == .he {
        outcome.covariance = DensitySums(sample.tissue, density: tissue.density).covariance
      }
      outcome.result = .success(appearance)
    } catch {
      outcome.result = .failure(error)
    }
    return outcome
  }

  /// What a user should look at although the fit is sound.
  private static func warnings(_ tissue: StainedTissue, lacksGlass: Bool) -> [String] {
    var warnings: [String] = []
    if tissue.inkShare > 0.05 {
      warnings.append(
        "\(decimal(100 * tissue.inkShare, 0)) % of what is stained is ink or pigment, and was left out"
      )
    }
    if lacksGlass { warnings.append("no glass was found: densities are relative to white") }
    return warnings
  }

  /// The stained tissue of parts of level 0, or of the overview where there are none.
  private static func tissue(
    of overview: borrowing Overview, _ pixels: FitPixels, _ mask: TissueMask, _ glass: Glass?,
    _ options: FitOptions
  ) -> StainedTissue {
    let isHE = options.stains == .he
    guard !overview.samples.isEmpty else {
      var mask = mask
      if let wanted = overview.fitMask { mask.formIntersection(wanted.isForeground) }
      return StainedTissue(pixels, mask: mask, glass: glass, isHE: isHE)
    }
    let pixels = FitPixels(stacking: overview.samples)
    var mask = TissueMask(pixels.balanced(glass ?? Glass()), score: options.score)
    if let wanted = overview.fitMask {
      mask.formIntersection(
        overview.samples.flatMap { part in
          let region = part.pixels.region
          return region.rows.flatMap { y in
            // Narrow parts are widened.
            (0..<pixels.width).map {
              wanted.covers(x: region.x + min($0, region.width - 1), y: y)
            }
          }
        })
    }
    return StainedTissue(pixels, mask: mask, glass: glass, isHE: isHE)
  }
}
