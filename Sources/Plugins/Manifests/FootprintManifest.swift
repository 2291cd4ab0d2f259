public import TesseraPlugin
import Translation

/// What the windows of a program need, where its manifest promises that for all images.
public struct FootprintManifest: Codable, Sendable, Hashable {
  /// Pixels read around the core.
  public var halo: Int
  /// What windows begin at multiples of, 1 unless given.
  public var alignment: Int?
  /// Side of the core that suits it.
  public var core: Int?
  /// Side that no window goes below.
  public var smallestWindow: Int?
  /// The most pixels of a window.
  public var largestWindow: Int?

  /// The footprint, where the manifest is right.
  var footprint: Footprint? { fault == nil ? made : nil }

  /// Says what is wrong, or nothing.
  var fault: String? {
    let numbers = [
      ("halo", halo, 0...8192), ("alignment", alignment ?? 1, 1...4096),
      ("core", core ?? 512, 16...8192), ("smallestWindow", smallestWindow ?? 1, 1...8192),
      ("largestWindow", largestWindow ?? 1 << 20, 256...Int(Int32.max)),
    ]
    for (name, value, range) in numbers where !range.contains(value) {
      return
        "footprint.\(name) is \(value), which must lie in \(range.lowerBound)...\(range.upperBound)"
    }
    return made.fault.map { "footprint \($0)" }
  }

  private var made: Footprint {
    Footprint(
      halo: halo, preferredCore: core ?? 512, alignment: alignment ?? 1,
      smallestWindow: smallestWindow ?? 1, largestWindow: largestWindow)
  }
}
