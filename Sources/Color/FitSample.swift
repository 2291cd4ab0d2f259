import TesseraPlugin

/// The colors that a method is fitted on.
package struct FitSample: Sendable {
  /// R, G, B for the stain vectors: the tissue, by the rule of the conventions.
  package let tissue: [UInt8]
  /// R, G, B for the concentrations and the Lab statistics.
  package let extent: [UInt8]

  /// Nothing is fitted on fewer pixels.
  package static let minimumPixels = 256
  /// The mean density from which tissue is stained.
  static let stained = 0.15
  /// At most this many pixels are looked at under the conventions of this package: a regular
  /// subset, which moves a percentile by less than the noise of the slide.
  private static let limit = 1 << 20

  /// Takes colors that others chose.
  package init(tissue: [UInt8], extent: [UInt8]) {
    (self.tissue, self.extent) = (tissue, extent)
  }

  /// Chooses the pixels by the conventions of this package: those of the tissue mask that are no
  /// ink, and for the stain vectors those of them that are stained.
  init(_ pixels: FitPixels, mask: TissueMask, ink: InkMask, density: DensityTable) {
    let step = max(1, (mask.count + Self.limit - 1) / Self.limit)
    var seen = 0
    var index = -1
    extent = Self.colors(pixels.samples) { _, _, _ in
      index += 1
      guard mask.isTissue[index] else { return false }
      seen += 1
      return (seen - 1) % step == 0 && !ink.isInk[index]
    }
    tissue = Self.colors(extent) { density($0, $1, $2).sum() >= 3 * Self.stained }
  }

  /// The colors that are wanted, in their order.
  @inlinable @inline(__always)
  package static func colors(
    _ samples: [UInt8], where isWanted: (UInt8, UInt8, UInt8) -> Bool
  ) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: samples.count) { result, count in
      samples.withUnsafeBufferPointer { samples in
        for offset in stride(from: 0, to: samples.count, by: 3) {
          let (r, g, b) = (samples[offset], samples[offset + 1], samples[offset + 2])
          guard isWanted(r, g, b) else { continue }
          result[count] = r
          result[count + 1] = g
          result[count + 2] = b
          count += 3
        }
      }
    }
  }
}
