import Color
import TesseraPlugin

extension StainNormalization {
  /// What came of fitting an image.
  struct Outcome {
    /// The fit, or why there is none.
    var result: Result<Appearance, PairError>
    /// The tissue, unless the mask is off.
    var foreground: RegionMask?
    /// The color of the glass, where the conventions care.
    var glass = Glass()
    /// The covariance of the densities of stained tissue, for the gate of our own conventions.
    var covariance: SymmetricMatrix3?
    /// What to report.
    var summary: [String: PairValue]
  }

  /// Method and conventions; throws where the package does not have the method.
  static func choice(_ options: PairOptions) throws(PairError) -> (StainMethod, Conventions) {
    guard let method = StainMethod(rawValue: options.text("method")),
      let conventions = Conventions(rawValue: options.text("compat"))
    else { throw PairError("method or compat has a value that is unknown") }
    guard conventions.methods.contains(method) else {
      let others = Conventions.allCases.filter { $0.methods.contains(method) }
        .map(\.rawValue).joined(separator: ", ")
      throw PairError(
        "\(conventions) has no method \(method); set compat to one of \(others), or method to one "
          + "of \(conventions.methods.map(\.rawValue).joined(separator: ", "))")
    }
    return (method, conventions)
  }

  /// Reads a reference and checks that it was fitted with the options in force.
  static func target(
    _ value: PairValue, _ method: StainMethod, _ conventions: Conventions
  ) throws(PairError) -> Reference {
    let reference = try Reference(value)
    guard reference.method == method else {
      throw PairError(
        "the reference was fitted with method=\(reference.method), this run uses method=\(method); "
          + "set the same or fit the reference again")
    }
    guard reference.conventions == conventions else {
      throw PairError(
        "the reference was fitted with compat=\(reference.conventions), this run uses "
          + "compat=\(conventions); set the same or fit the reference again")
    }
    return reference
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

  /// Masks and fits an overview.
  static func fit(
    _ overview: borrowing Overview, _ options: PairOptions
  ) throws(PairError) -> Outcome {
    let (method, conventions) = try choice(options)
    guard overview.pixels.channels == 3 else {
      throw PairError("stains need 3 colour channels, the image has \(overview.pixels.channels)")
    }
    guard let score = TissueMask.Score(rawValue: options.text("mask")) else {
      throw PairError("mask cannot be '\(options.text("mask"))'")
    }
    let pixels = FitPixels(overview.pixels)
    let mask = TissueMask(pixels, score: score)
    let share = Double(mask.count) / Double(pixels.count)
    var outcome = Outcome(
      result: .failure(PairError("no tissue was found")),
      foreground: score == .none
        ? nil
        : RegionMask(
          width: mask.width, height: mask.height, reduction: overview.reduction,
          isForeground: mask.isTissue),
      summary: [
        "method": .text(method.rawValue), "compat": .text(conventions.rawValue),
        "mask": .text(score.rawValue), "tissueShare": .number(share),
      ])
    if let fault = PlausibleSlide.lightFault(of: pixels) {
      outcome.result = .failure(PairError(fault))
      return outcome
    }
    guard mask.count > 0 else { return outcome }
    guard mask.count >= FitSample.minimumPixels, share >= minimumShare else {
      outcome.result = .failure(
        PairError(
          "too little tissue to fit stains: \(mask.count) px of the overview, "
            + "\(decimal(100 * share, 3)) %; \(FitSample.minimumPixels) px and "
            + "\(decimal(100 * minimumShare, 2)) % are needed"))
      return outcome
    }
    let glass = Glass(pixels, mask)
    let balanced = FitSample(pixels.balanced(glass), mask: mask, conventions: .tessera)
    if let fault = PlausibleSlide.stainFault(of: balanced) {
      outcome.result = .failure(PairError(fault))
      return outcome
    }
    if conventions.keepsGlass {
      outcome.glass = glass
      outcome.summary["glass"] = .numbers((0..<3).map { 255 * glass.share[$0] })
    }
    // Lab is measured as it is: its map bends at the glass.
    let sample =
      conventions == .tessera && method.separatesStains
      ? balanced : FitSample(pixels, mask: mask, conventions: conventions)
    let used = (method == .macenko || method == .vahadane ? sample.tissue : sample.extent).count / 3
    outcome.summary["pixelsFitted"] = .number(Double(used))
    guard used >= FitSample.minimumPixels else {
      outcome.result = .failure(
        PairError(
          "too little stained tissue to fit: \(used) px of the overview; "
            + "\(FitSample.minimumPixels) are needed"))
      return outcome
    }
    let appearance = Appearance(sample, method: method, conventions: conventions)
    if appearance.isFinite { outcome.summary.merge(appearance.values) { $1 } }
    if let fault = appearance.fault {
      outcome.result = .failure(PairError("the fit is implausible: \(fault)"))
    } else {
      // Who asks for another package's conventions wants its result, good or bad.
      if conventions == .tessera {
        outcome.covariance =
          DensitySums(sample.tissue, density: conventions.density.table).covariance
      }
      outcome.result = .success(appearance)
    }
    return outcome
  }
}
