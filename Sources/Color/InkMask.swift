import TesseraPlugin

/// The pixels of an image that no stain of H&E makes: pen, pigment, blood, black.
///
/// H&E takes green most. What is dense and takes more of red or as much of blue, has one color of
/// light only, or none, is ink; so is what lies within 4 px of a connected area of it, the soft edge
/// of a pen. The limits were measured, see docs/decisions/stain-fit.md.
package struct InkMask: Sendable {
  /// Row by row.
  package private(set) var isInk: [Bool]

  /// The mean density from which a pixel is dense: twice that of stained tissue.
  static let dense = 2 * FitSample.stained
  /// How much of blue a dense pixel of H&E takes for the green that it takes, at most.
  static let blueOverGreen = 0.85
  private static let redOverGreen = 1.2
  private static let margin = 4

  /// Finds the ink of an image; in other stains than H&E that is what is black.
  package init(_ pixels: FitPixels, density: DensityTable, isHE: Bool) {
    let (width, height) = (pixels.width, pixels.height)
    isInk = pixels.samples.withUnsafeBufferPointer { samples in
      (0..<pixels.count).map { index in
        let (r, g, b) = (samples[3 * index], samples[3 * index + 1], samples[3 * index + 2])
        let (brightest, darkest) = (max(r, max(g, b)), min(r, min(g, b)))
        if brightest < TissueMask.darkest { return true }
        guard isHE else { return false }
        if 10 * Int(darkest) < Int(brightest) { return true }
        let d = density(r, g, b)
        return d.sum() >= 3 * Self.dense
          && (d.x > Self.redOverGreen * d.y || d.z > Self.blueOverGreen * d.y)
      }
    }
    let regions = RunRegions(isInk, width: width, value: true)
    for (run, size) in zip(regions.runs, regions.sizes)
    where size >= 16 && 20_000 * size >= pixels.count {
      let (row, first) = (run.lowerBound / width, run.lowerBound % width)
      let columns = max(0, first - Self.margin)..<min(width, first + run.count + Self.margin)
      for y in max(0, row - Self.margin)...min(height - 1, row + Self.margin) {
        for x in columns { isInk[y * width + x] = true }
      }
    }
  }
}
