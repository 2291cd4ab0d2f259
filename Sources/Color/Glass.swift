import TesseraPlugin

/// The color of the empty slide in an image.
package struct Glass: Sendable, Hashable {
  /// R, G and B as shares of full intensity, 0.7...1.
  package var share = SIMD3<Double>(repeating: 1)

  /// White: for images without glass.
  package init() {}

  /// The median of the bright pixels outside of the tissue; white where there are too few.
  ///
  /// Pixels of 255 in all channels do not count: they are clipped, or were never scanned.
  package init(_ pixels: FitPixels, _ mask: TissueMask) {
    var histograms = [[Int]](repeating: [Int](repeating: 0, count: 256), count: 3)
    var count = 0
    let step = max(1, pixels.count / (1 << 18))
    for index in stride(from: 0, to: pixels.count, by: step) where !mask.isTissue[index] {
      let color = pixels.samples[(3 * index)..<(3 * index + 3)]
      guard color.allSatisfy({ $0 >= 180 }), color.contains(where: { $0 < 255 }) else { continue }
      for (channel, level) in color.enumerated() { histograms[channel][Int(level)] += 1 }
      count += 1
    }
    guard count >= FitSample.minimumPixels else { return }
    for channel in 0..<3 {
      var below = 0
      for level in 0..<256 {
        below += histograms[channel][level]
        guard 2 * below >= count else { continue }
        share[channel] = Double(level) / 255
        break
      }
    }
  }

  /// L of CIE Lab, 0...100.
  package var lightness: Double {
    LabSpace.standard.lab(light: share.map { LabSpace.light($0) }).x
  }
}
