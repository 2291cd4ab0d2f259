import TesseraPlugin

/// The color of the empty slide in an image.
package struct Glass: Sendable, Hashable {
  /// R, G and B as shares of full intensity, above 0 and at most 1.
  package var share = SIMD3<Double>(repeating: 1)

  /// White: for images without glass.
  package init() {}

  /// Neutral glass of a level, 0...255.
  package init(level: Double) { share = SIMD3(repeating: level / 255) }

  /// Finds the glass: a flat place of one color with next to nothing brighter; nil without any.
  ///
  /// The search goes down from white to the first peak of the means of R, G and B over flat places,
  /// and demands that it holds at least 256 px and a hundredth of the image, that a tenth of its
  /// number at most is brighter, and that its color is one of a lamp, which may be warm: H&E takes
  /// green. A peak of a tenth of the image may be purple. Pixels of 255 in all channels do not
  /// count: they are clipped, or were never scanned. See docs/decisions/stain-fit.md.
  package init?(_ pixels: FitPixels) {
    let places = FlatPlaces(pixels)
    var start = 255
    while start >= Self.dimmest {
      let found = places.peak(around: start)
      if found >= FitSample.minimumPixels, 100 * found >= pixels.count { break }
      start -= 1
    }
    guard start >= Self.dimmest else { return nil }
    while start > Self.dimmest, places.peak(around: start - 1) >= places.peak(around: start) {
      start -= 1
    }
    let peak = places.peak(around: start)
    guard 10 * places.brighter(than: start + 2 * FlatPlaces.halfWidth) <= peak else { return nil }
    let color = places.color(around: start, in: pixels).map { max($0, 1) }
    let deficit = 0.5 * naturalLogarithm(color.x * color.z) - naturalLogarithm(color.y)
    let isLamp =
      deficit <= Self.greenDeficit && naturalLogarithm(color.z / color.x) <= Self.blueExcess
    let isPlain = deficit <= Self.plainGreenDeficit && 10 * peak >= pixels.count
    guard isLamp || isPlain else { return nil }
    share = color / 255
  }

  /// Glass is not looked for below this level.
  private static let dimmest = 100
  /// ln(√(R B) / G) of a lamp, at most.
  private static let greenDeficit = 0.06
  /// ln(B / R) of a lamp, at most.
  private static let blueExcess = 0.1
  /// ln(√(R B) / G) of glass that fills a tenth of the image, at most.
  private static let plainGreenDeficit = 0.21

  /// L of CIE Lab, 0...100.
  package var lightness: Double {
    LabSpace.standard.lab(light: share.map { LabSpace.light($0) }).x
  }
}

/// The places of an image where nothing is drawn: their levels, means of R, G and B.
private struct FlatPlaces {
  /// Half of the width of a peak in levels.
  static let halfWidth = 4
  /// Levels between the extremes of 3 x 3 px, at most.
  private static let range = 8

  // R + G + B, and whether the place is flat, pixel by pixel.
  private var sums: [UInt16]
  private var isFlat: [Bool]
  // Flat pixels, and all, by their level.
  private var flat = [Int](repeating: 0, count: 256)
  private var every = [Int](repeating: 0, count: 256)

  init(_ pixels: FitPixels) {
    let (width, height) = (pixels.width, pixels.height)
    sums = pixels.samples.withUnsafeBufferPointer { samples in
      (0..<(width * height)).map {
        UInt16(samples[3 * $0]) + UInt16(samples[3 * $0 + 1]) + UInt16(samples[3 * $0 + 2])
      }
    }
    isFlat = [Bool](repeating: false, count: width * height)
    guard width > 0, height > 0 else { return }
    // The extremes of three pixels beside each other, of three rows in turn.
    var highs = [[UInt16]](repeating: [UInt16](repeating: 0, count: width), count: 3)
    var lows = highs
    sums.withUnsafeBufferPointer { sums in
      func prepare(_ row: Int) {
        let first = row * width
        for x in 0..<width {
          let (left, here) = (sums[first + max(x - 1, 0)], sums[first + x])
          let right = sums[first + min(x + 1, width - 1)]
          highs[row % 3][x] = max(left, max(here, right))
          lows[row % 3][x] = min(left, min(here, right))
        }
      }
      prepare(0)
      for y in 0..<height {
        if y + 1 < height { prepare(y + 1) }
        let (above, below) = (max(y - 1, 0) % 3, min(y + 1, height - 1) % 3)
        for x in 0..<width {
          let sum = sums[y * width + x]
          guard sum < 765 else { continue }
          let level = Int(sum + 1) / 3
          every[level] += 1
          let high = max(highs[above][x], max(highs[y % 3][x], highs[below][x]))
          let low = min(lows[above][x], min(lows[y % 3][x], lows[below][x]))
          guard Int(high - low) <= 3 * Self.range else { continue }
          isFlat[y * width + x] = true
          flat[level] += 1
        }
      }
    }
  }

  /// Flat pixels within four levels.
  func peak(around level: Int) -> Int {
    flat[max(0, level - Self.halfWidth)...min(255, level + Self.halfWidth)].reduce(0, +)
  }

  /// Pixels, flat or not, above a level.
  func brighter(than level: Int) -> Int {
    level >= 255 ? 0 : every[(level + 1)...].reduce(0, +)
  }

  /// The median of each channel over the flat pixels within four levels.
  func color(around level: Int, in pixels: FitPixels) -> SIMD3<Double> {
    var histograms = [[Int]](repeating: [Int](repeating: 0, count: 256), count: 3)
    for index in sums.indices where isFlat[index] {
      guard abs(Int(sums[index] + 1) / 3 - level) <= Self.halfWidth else { continue }
      for channel in 0..<3 { histograms[channel][Int(pixels.samples[3 * index + channel])] += 1 }
    }
    var color = SIMD3<Double>()
    for channel in 0..<3 {
      let count = histograms[channel].reduce(0, +)
      func level(_ rank: Int) -> Int {
        var below = 0
        return histograms[channel].firstIndex {
          below += $0
          return below > rank
        } ?? 0
      }
      color[channel] = Double(level((count - 1) / 2) + level(count / 2)) / 2
    }
    return color
  }
}
