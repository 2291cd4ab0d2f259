import TesseraPlugin

/// What of an image the stains are fitted on, and how much of it cannot be H&E.
package struct StainedTissue: Sendable {
  /// Densities in front of the glass of the image.
  package let density: DensityTable
  /// The tissue without ink, and what is stained of it.
  package let sample: FitSample
  /// Of the tissue that is stained, ink included: the share that takes blue most, and red too, as
  /// DAB does.
  package private(set) var brownShare = 0.0
  /// The share that takes nearly as much blue as green, as AEC and photographs do.
  package private(set) var warmShare = 0.0
  /// The share that is ink.
  package private(set) var inkShare = 0.0

  /// Looks at an image; `glass` is nil where it has none.
  ///
  /// In other stains than H&E only black is ink.
  package init(_ pixels: FitPixels, mask: TissueMask, glass: Glass?, isHE: Bool = true) {
    let density = DensityTable(.standard, glass: glass ?? Glass())
    let ink = InkMask(pixels, density: density, isHE: isHE)
    self.density = density
    sample = FitSample(pixels, mask: mask, ink: ink, density: density)
    var (stained, brown, warm, inked) = (0, 0, 0, 0)
    var index = 0
    density.forEach(pixels.samples) { d in
      let place = index
      index += 1
      guard mask.isTissue[place], d.sum() >= 3 * FitSample.stained else { return }
      stained += 1
      if ink.isInk[place] { inked += 1 }
      guard d.sum() >= 3 * InkMask.dense else { return }
      if d.z > InkMask.blueOverGreen * d.y { warm += 1 }
      if d.z > 1.1 * d.y, d.z > 1.1 * d.x, d.x > 0.2 * d.y { brown += 1 }
    }
    guard stained > 0 else { return }
    brownShare = Double(brown) / Double(stained)
    warmShare = Double(warm) / Double(stained)
    inkShare = Double(inked) / Double(stained)
  }
}
