import Color
import TesseraPlugin

/// How much the light of colored pixels varies: in the brightest channel of each, and in the least.
///
/// A stain takes light away, most from the channel that is then the least: this one varies the most,
/// and the brightest stays near the light of the lamp. A fluorophore adds light, most to the channel
/// that is then the brightest, and the least stays near the dark ground. The ratio of the two says
/// which it is, whatever the strength of the lamp. It is taken between square roots of levels: half
/// way from light, which fluorescence adds up, to density, which stain does, and photon noise is the
/// same at every level.
///
/// H&E: 0.1 to 0.8 on 95 tiles of six laboratories and a slide, up to 0.96 in uneven or yellow light,
/// 1.03 with densities times 2.2. Fluorescence of one to three colors: above 1.1 on 478 of 493
/// pictures (149 renderings of a real one, the others made) on a ground of 0 to 120. See
/// docs/stain-normalization.md.
struct LightSpread: Equatable {
  /// The ratio above which light was added, not taken away.
  static let greatestRatio = 1.1
  /// A spread of the brightest channel below this, in square roots of levels, is noise.
  static let minimumSpread = 1.0
  /// Pixels whose channels differ by less are gray: glass, margins and the ground tell nothing.
  static let minimumContrast: UInt8 = 25
  /// A channel from here on may be clipped, and then varies less than the light.
  static let clipped: UInt8 = 250

  /// Where the brightest channel lies, the upper and lower twentieth left out.
  let brightest: ClosedRange<Int>
  /// Where the least channel lies, likewise.
  let minimum: ClosedRange<Int>

  /// Measures an overview; nil with fewer than 256 colored pixels.
  init?(_ pixels: FitPixels) {
    var brightest = [Int](repeating: 0, count: 256)
    var minimum = brightest
    var count = 0
    pixels.samples.withUnsafeBufferPointer { samples in
      for offset in stride(from: 0, to: samples.count, by: 3) {
        let (r, g, b) = (samples[offset], samples[offset + 1], samples[offset + 2])
        let (high, low) = (max(r, max(g, b)), min(r, min(g, b)))
        guard high < Self.clipped, high - low >= Self.minimumContrast else { continue }
        brightest[Int(high)] += 1
        minimum[Int(low)] += 1
        count += 1
      }
    }
    guard count >= FitSample.minimumPixels else { return nil }
    self.brightest = Self.range(of: brightest, count: count)
    self.minimum = Self.range(of: minimum, count: count)
  }

  /// Whether light was added, not taken away.
  var isEmission: Bool {
    let spread = Self.spread(brightest)
    return spread > Self.minimumSpread && spread > Self.greatestRatio * Self.spread(minimum)
  }

  private static func spread(_ levels: ClosedRange<Int>) -> Double {
    Double(levels.upperBound).squareRoot() - Double(levels.lowerBound).squareRoot()
  }

  private static func range(of histogram: [Int], count: Int) -> ClosedRange<Int> {
    let tail = count / 20
    var bounds: [Int] = []
    for rank in [tail, count - 1 - tail] {
      var below = 0
      bounds.append(
        histogram.firstIndex {
          below += $0
          return below > rank
        } ?? 255)
    }
    return bounds[0]...bounds[1]
  }
}
