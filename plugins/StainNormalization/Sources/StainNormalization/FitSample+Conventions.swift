import Color
import TesseraPlugin

extension FitSample {
  /// Chooses the pixels as another package does.
  ///
  /// torchstain takes every pixel none of whose densities is below 0.15; tiatoolbox and StainTools
  /// those below 0.8 of the largest L, tiatoolbox after stretching the contrast; all three take the
  /// concentrations of every pixel.
  init(_ pixels: FitPixels, conventions: Conventions) {
    precondition(conventions != .tessera, "this package looks at tissue")
    let samples = pixels.samples
    switch conventions {
    case .tessera, .torchstain:
      let isDense = conventions.density.table.map { $0 >= 0.15 }
      let tissue = Self.colors(samples) { isDense[Int($0)] && isDense[Int($1)] && isDense[Int($2)] }
      self.init(tissue: tissue, extent: samples)
    case .tiatoolbox:
      let (lab, stretched) = (ByteLab(), Self.stretch(samples))
      let tissue = Self.colors(samples) {
        lab.bytes(stretched[Int($0)], stretched[Int($1)], stretched[Int($2)]).0 < 204
      }
      self.init(tissue: tissue, extent: samples)
    case .staintools:
      let lab = ByteLab()
      let tissue = Self.colors(samples) { lab.bytes($0, $1, $2).0 < 204 }
      self.init(tissue: tissue, extent: samples)
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
}
