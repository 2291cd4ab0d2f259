import TesseraPlugin
import Translation

/// What a program says that it reads around a pixel, held to what windows can be.
enum ProgramFootprint {
  private static let halos = 0...8192
  private static let alignments = 1...4096
  private static let cores = 16...8192
  /// Cores of functions of single pixels: large enough that messages cost little.
  private static let usualCore = 512

  /// The footprint of an answer; what it leaves out is as the manifest promises for all images.
  static func checked(
    _ answer: ProgramAnswer.Calibrated, promised: Footprint?, scale: PixelScale
  ) throws(PluginFault) -> Footprint {
    let halo = try number("halo", answer.halo ?? promised?.halo ?? 0, halos)
    let alignment = try number(
      "alignment", answer.alignment ?? promised?.alignment ?? 1, alignments)
    let core = try number("core", answer.core ?? promised?.preferredCore ?? usualCore, cores)
    guard alignment.isMultiple(of: scale.denominator) else {
      throw PluginFault(
        .plugin, "asks for an alignment of \(alignment)",
        advice: ", which is no multiple of the \(scale.denominator) px that make a pixel")
    }
    let smallest = try number(
      "smallestWindow", answer.smallestWindow ?? promised?.smallestWindow ?? 1, 1...8192)
    let largest = try (answer.largestWindow ?? promised?.largestWindow).map {
      pixels throws(PluginFault) in
      try number("largestWindow", pixels, 256...Int(Int32.max))
    }
    let footprint = Footprint(
      halo: halo, preferredCore: core, alignment: alignment, smallestWindow: smallest,
      largestWindow: largest)
    if let fault = footprint.fault { throw PluginFault(.plugin, fault) }
    return footprint
  }

  private static func number(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(PluginFault) -> Int {
    guard range.contains(value) else {
      throw PluginFault(
        .plugin, "asks for a \(name) of \(value)",
        advice: ", which must lie in \(range.lowerBound)...\(range.upperBound)")
    }
    return value
  }
}
