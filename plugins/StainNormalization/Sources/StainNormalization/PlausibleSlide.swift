import Color
import TesseraPlugin

/// Why a picture is no slide of haematoxylin and eosin, whatever method is to bring it to a target.
///
/// The limits lie between what was measured on H&E (95 tiles of six laboratories and a slide) and on
/// what is not; see docs/stain-normalization.md.
enum PlausibleSlide {
  /// A pixel whose brightest channel is below this is dim: light of a lamp hardly gets so weak.
  static let dim: UInt8 = 80
  /// The share of dim pixels among those that are not black, at most.
  ///
  /// H&E: up to 0.16.
  static let greatestDimShare = 0.5
  /// The same where black is about: a margin that was never scanned ends at once, a dark ground
  /// fades in.
  static let greatestDimShareOnBlack = 0.2
  /// The share of pixels that hold one color of light only, at most.
  ///
  /// H&E: below 0.01.
  static let greatestPureShare = 0.5
  /// How much blue the second stain takes for the green that it takes, at most.
  ///
  /// Eosin: 0.05 to 0.75, AEC 1.0, DAB 1.4 and more.
  static let greatestBlueOverGreen = 0.9
  /// The share of what is stained that may be brown as DAB, as pigment is.
  ///
  /// H&E: below 0.001; DAB: 0.34 and more.
  static let greatestBrownShare = 0.05
  /// The share of what is stained that may have colors that H&E cannot make.
  ///
  /// H&E on purple glass: up to 0.52; with a pen over 4.5 % of the slide 0.15; colored maps: mostly 1.
  static let greatestInkShare = 0.6
  /// The share of what is stained that may take nearly as much blue as green.
  static let greatestWarmShare = 0.25

  /// What shows that light came from the specimen, not through it; nil for brightfield.
  static func lightFault(of pixels: FitPixels) -> String? {
    var (black, dimmed, pure) = (0, 0, 0)
    for offset in stride(from: 0, to: pixels.samples.count, by: 3) {
      let (r, g, b) = (
        pixels.samples[offset], pixels.samples[offset + 1], pixels.samples[offset + 2]
      )
      let maximum = max(r, max(g, b))
      if maximum < TissueMask.darkest {
        black += 1
        continue
      }
      if maximum < dim { dimmed += 1 }
      if 10 * Int(min(r, min(g, b))) < Int(maximum) { pure += 1 }
    }
    let lit = Double(pixels.count - black)
    guard lit > 0 else { return nil }
    let (blackShare, dimShare) = (Double(black) / Double(pixels.count), Double(dimmed) / lit)
    let limit = blackShare > 0.1 ? greatestDimShareOnBlack : greatestDimShare
    if dimShare > limit {
      return
        "it is not brightfield, but rather fluorescence: \(percent(blackShare)) of the overview "
        + "is black and \(percent(dimShare)) of the rest is dim, where \(percent(limit)) is plausible"
    }
    let pureShare = Double(pure) / lit
    if pureShare > greatestPureShare {
      return
        "it is not brightfield, but rather fluorescence or a map: \(percent(pureShare)) of the "
        + "overview has light of one colour only"
    }
    if let spread = LightSpread(pixels), spread.isEmission {
      return
        "it is not brightfield, but rather fluorescence: the brightest channel of coloured pixels "
        + "goes from \(range(spread.brightest)), the least one from \(range(spread.minimum)), where "
        + "stain takes more from the least one"
    }
    return nil
  }

  /// What shows that the tissue is not stained by haematoxylin and eosin; nil for H&E and where there
  /// is too little to tell.
  ///
  /// The stains are Macenko's by our own conventions, also where others will be followed.
  static func stainFault(of tissue: StainedTissue) -> String? {
    if tissue.brownShare > greatestBrownShare {
      return notHE
        + "\(percent(tissue.brownShare)) of what is stained is brown, as DAB is; "
        + "\(percent(greatestBrownShare)) is the limit"
    }
    if tissue.inkShare > greatestInkShare {
      return notHE
        + "\(percent(tissue.inkShare)) of what is stained has colours that no mixture of the two has, "
        + "as in pens and label maps; \(percent(greatestInkShare)) is the limit"
    }
    if tissue.warmShare > greatestWarmShare {
      return notHE
        + "\(percent(tissue.warmShare)) of what is stained takes away as much blue as green, as AEC, "
        + "DAB and photographs do; \(percent(greatestWarmShare)) is the limit"
    }
    guard tissue.sample.tissue.count / 3 >= FitSample.minimumPixels else { return nil }
    let second = macenkoStains(
      tissue.sample.tissue, density: tissue.density, isCentered: false, tail: RegularizedFit.tail
    ).eosin
    guard second.isFinite, second.z > greatestBlueOverGreen * second.y else { return nil }
    return notHE + "the second stain is DAB-like, it takes away "
      + (second.y > 0.01
        ? "\(decimal(second.z / second.y, 2)) times as much blue as green" : "blue and no green")
      + ", where eosin takes more green"
  }

  private static let notHE = "it is not haematoxylin and eosin: "

  private static func range(_ levels: ClosedRange<Int>) -> String {
    "\(levels.lowerBound) to \(levels.upperBound)"
  }

  private static func percent(_ share: Double) -> String { "\(decimal(100 * share, 0)) %" }
}
