import Color
import TesseraPlugin

/// Gives stained slides the colors of a reference: Macenko, Reinhard, Vahadane and Ruifrok.
///
/// One fit for an image, on its overview or on parts of level 0, inside of a tissue mask, never one
/// for a tile. Formulas and
/// sources are in docs/stain-normalization.md.
public struct StainNormalization: DomainPair {
  static let id = "stain-normalization"
  /// Maps that amplify densities more than this are refused: noise would be all there is to see.
  static let greatestAmplification = 12.0

  /// Eosin that is denser than haematoxylin by more than this factor is suspicious.
  static let greatestExcess = 1.5
  /// Where eosin is suspicious, maps whose result is less like its source in density are refused:
  /// an image with a nuclear stain only can come out as its own negative.
  static let minimumFidelity = 0.8

  /// Makes the pair.
  public init() {}

  /// Name, domains and options.
  public var description: PairDescription {
    var description = PairDescription(
      id: Self.id, title: "Stain normalisation",
      sourceDomain: "H&E slide, any laboratory and scanner",
      targetDomain: "H&E slide with the colours of a reference", version: "1.0.0", license: "MIT",
      summary: "Matches stain colours by Macenko, Reinhard, Vahadane or Ruifrok, with one fit for "
        + "the whole image. Made for H&E; an image without enough tissue or with implausible "
        + "stains is copied unchanged.",
      channels: 3,
      options: [
        PairOption(
          "method", .choice(StainMethod.allCases.map(\.rawValue)), default: "macenko",
          help: "how colours are matched"),
        PairOption(
          "compat", .choice(Conventions.allCases.map(\.rawValue)), default: "tessera",
          help: "whose conventions to follow; not every package has every method"),
        PairOption(
          "stains", .choice(StainPair.allCases.map(\.rawValue)), default: "he",
          help: "which stains the slide has; all but he have fixed vectors and need a reference"),
        PairOption(
          "mask", .choice(TissueMask.Score.allCases.map(\.rawValue)), default: "saturation",
          help: "what tells tissue from glass"),
        PairOption(
          "white", .text, default: "auto",
          help: "the colour of empty glass as R,G,B; auto finds it (compat=tessera only)"),
        PairOption(
          "glass", .choice(["white", "keep"]), default: "white",
          help:
            "what empty glass becomes: that of the reference, or its own colour, which goes well with "
            + "--keep-background; compat=tessera only, and Reinhard always keeps it"),
        PairOption(
          "on-blank", .choice(["copy", "fail"]), default: "copy",
          help: "what to do without enough tissue or with implausible stains"),
      ])
    description.hasForeground = true
    description.fitsOnMask = true
    return description
  }

  /// Fits the image and prepares the translator that brings it to the reference.
  ///
  /// Throws at a reference that is damaged or was fitted with other options and, with
  /// on-blank=fail, at an image that cannot be fitted.
  public func calibrate(
    _ overview: borrowing Overview, options: PairOptions, reference: PairValue?
  ) throws(PairError) -> Calibration {
    let chosen = try FitOptions(options)
    let conventions = chosen.conventions
    let wanted = if let reference { try chosen.target(reference) } else { try chosen.builtIn() }
    let outcome = try Self.fit(overview, chosen)
    var summary = outcome.summary
    summary["target"] = .object(wanted.appearance.values)

    let foreground = outcome.foreground
    func copy(_ reason: String) throws(PairError) -> Calibration {
      guard options.text("on-blank") == "copy" else { throw PairError(reason) }
      return Calibration(.copy(reason: reason), foreground: foreground, summary: summary)
    }
    let glass = outcome.glass ?? Glass()
    let pixels = overview.image.width * overview.image.height
    let source: Appearance
    switch outcome.result {
    case .success(let appearance): source = appearance
    case .failure(let fault): return try copy(fault.message)
    }
    switch (source, wanted.appearance) {
    case (.stains(let source), .stains(let target)):
      let map = DensityMap(from: source, to: target)
      if let fault = Self.fault(of: map, from: source, outcome.covariance) {
        return try copy(fault)
      }
      let translator: any TileTranslator =
        if let penalty = conventions.unmixingPenalty {
          PixelTranslator(
            .sparse(
              SparseDensityKernel(
                from: source, to: target, density: conventions.density, penalty: penalty)),
            rounding: conventions.rounding, pixels: pixels, format: overview.image.format)
        } else {
          StainTranslator(
            map, density: conventions.density, glass: glass,
            background: options.text("glass") == "keep" ? glass : wanted.glass,
            rounding: conventions.rounding)
        }
      return Calibration(.translate(translator), foreground: foreground, summary: summary)
    case (.lab(let source), .lab(let target)):
      let translator: any TileTranslator =
        if conventions.usesByteLab {
          PixelTranslator(
            .byteLab(ByteLabKernel(from: source, to: target)), rounding: .nearest, pixels: pixels,
            format: overview.image.format)
        } else {
          PixelTranslator(
            .lab(
              LabKernel(
                from: source, to: target,
                glass: conventions.keepsGlass ? glass.lightness : nil)),
            rounding: conventions.rounding, pixels: pixels, format: overview.image.format)
        }
      return Calibration(.translate(translator), foreground: foreground, summary: summary)
    default: throw PairError("the reference was made by another method")
    }
  }

  /// Fits a target to one image; throws where there is too little tissue or the stains are
  /// implausible.
  public func fit(
    _ overview: borrowing Overview, options: PairOptions
  ) throws(PairError) -> PairValue {
    let chosen = try FitOptions(options)
    let outcome = try Self.fit(overview, chosen)
    let appearance = try outcome.result.get()
    if case .stains(let source) = appearance, chosen.stains == .he,
      let fault = Self.fault(
        of: DensityMap(from: source, to: .builtIn), from: source, outcome.covariance)
    {
      throw PairError(fault)
    }
    return Reference(
      chosen, appearance: appearance,
      white: outcome.glass.map { 255 * $0.share.sum() / 3 }
        ?? Reference.builtInWhite(chosen.conventions)
    ).value
  }

  /// Averages the targets of a cohort, each of which counts the same.
  public func combine(_ references: [PairValue]) throws(PairError) -> PairValue {
    var parsed: [Reference] = []
    for reference in references { parsed.append(try Reference(reference)) }
    return try Reference(averaging: parsed).value
  }
}
