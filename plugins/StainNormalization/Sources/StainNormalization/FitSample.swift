import TesseraPlugin

/// The colors that a method is fitted on.
struct FitSample: Sendable {
  /// R, G, B for the stain vectors: the tissue, by the rule of the conventions.
  let tissue: [UInt8]
  /// R, G, B for the concentrations and the Lab statistics.
  let extent: [UInt8]

  /// At most this many pixels are looked at under the conventions of this package: a regular
  /// subset, which moves a percentile by less than the noise of the slide.
  static let limit = 1 << 20

  /// Chooses the pixels.
  ///
  /// This package looks at the tissue mask only, and for the stain vectors at the pixels in it with
  /// a mean density of at least 0.15. torchstain takes every pixel none of whose densities is below
  /// 0.15; tiatoolbox and StainTools those below 0.8 of the largest L, tiatoolbox after stretching
  /// the contrast; all three take the concentrations of every pixel.
  init(_ pixels: FitPixels, mask: TissueMask, conventions: Conventions) {
    switch conventions {
    case .tessera:
      let tissue = mask.count
      let step = max(1, (tissue + Self.limit - 1) / Self.limit)
      var seen = 0
      extent = Self.colors(pixels) { index, r, g, b in
        guard mask.isTissue[index] else { return false }
        seen += 1
        return (seen - 1) % step == 0 && max(r, max(g, b)) >= TissueMask.darkest
      }
      let density = conventions.density.table
      let isStained = { (r: UInt8, g: UInt8, b: UInt8) in
        density[Int(r)] + density[Int(g)] + density[Int(b)] >= 0.45
      }
      self.tissue = Self.colors(extent) { isStained($0, $1, $2) }
    case .torchstain:
      extent = pixels.samples
      let isDense = conventions.density.table.map { $0 >= 0.15 }
      tissue = Self.colors(pixels.samples) {
        isDense[Int($0)] && isDense[Int($1)] && isDense[Int($2)]
      }
    case .tiatoolbox:
      extent = pixels.samples
      let (lab, stretched) = (ByteLab(), Self.stretch(pixels.samples))
      tissue = Self.colors(pixels.samples) {
        lab.bytes(stretched[Int($0)], stretched[Int($1)], stretched[Int($2)]).0 < 204
      }
    case .staintools:
      extent = pixels.samples
      let lab = ByteLab()
      tissue = Self.colors(pixels.samples) { lab.bytes($0, $1, $2).0 < 204 }
    }
  }

  /// For each level, what it becomes when the 2nd percentile of all levels goes to 0 and the 98th
  /// to 255.
  private static func stretch(_ samples: [UInt8]) -> [UInt8] {
    let levels = samples.map(Double.init)
    var low = percentile(2, of: levels) ?? 0
    var high = percentile(98, of: levels) ?? 255
    if low >= high {
      low = levels.min() ?? 0
      high = levels.max() ?? 255
    }
    guard high > low else { return Array(0...255) }
    return (0..<256).map {
      UInt8(saturating: ((Double($0) - low) / (high - low) * 255).rounded(.down))
    }
  }

  private static func colors(
    _ pixels: FitPixels, where isWanted: (Int, UInt8, UInt8, UInt8) -> Bool
  ) -> [UInt8] {
    var index = -1
    return colors(pixels.samples) { r, g, b in
      index += 1
      return isWanted(index, r, g, b)
    }
  }

  @inline(__always)
  private static func colors(
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
