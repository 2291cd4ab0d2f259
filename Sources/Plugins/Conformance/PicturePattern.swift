import TesseraPlugin

/// What a test picture shows.
indirect enum PicturePattern: Sendable {
  /// Waves, edges and noise in colours of stained tissue; blobs of classes for label maps.
  case tissue(seed: Int)
  /// One value everywhere, 0...65535; the middle class for label maps, the first or the last at the
  /// ends.
  case uniform(Int)
  /// Tissue, with values among it that are no numbers.
  case notNumbers
  /// As another, but with all other pixels than those of a region changed; with `variant` 2 and 3
  /// these become black and white.
  case changed(PicturePattern, keeping: PixelRegion, variant: Int)

  /// How many variants ``changed`` has.
  static let variants = 4

  /// The value at a place, 0...65535, or its class where there are `classes`.
  func level(_ x: Int, _ y: Int, _ channel: Int, classes: Int?) -> Int {
    switch self {
    case .tissue(let seed):
      if let classes { return (y / 16 + 3 * (x / 16) + seed) % classes }
      return Self.tissue(x, y, channel, seed)
    case .uniform(let level):
      guard let classes else { return level }
      return level == 0 ? 0 : level == 65535 ? classes - 1 : classes / 2
    case .notNumbers: return PicturePattern.tissue(seed: 1).level(x, y, channel, classes: classes)
    case .changed(let pattern, let region, let variant):
      let level = pattern.level(x, y, channel, classes: classes)
      guard !region.columns.contains(x) || !region.rows.contains(y) else { return level }
      if let classes { return (level + 1 + variant) % classes }
      if variant >= 2 { return variant == 2 ? 0 : 65535 }
      // Never the same, and without any order that could cancel out.
      return (level + 16384 + Self.noise(x, y, channel, 77 + variant) % 32768) % 65536
    }
  }

  private static func tissue(_ x: Int, _ y: Int, _ channel: Int, _ seed: Int) -> Int {
    // Violet tissue on pale glass, in cells of 32 px.
    let noise = noise(x, y, channel, seed) % 4096 - 2048
    let (dx, dy) = (x % 32 - 16, y % 32 - 16)
    let isNucleus = dx * dx + dy * dy < 64
    let isTissue = (y / 48 + x / 80 + seed) % 3 != 0
    let base =
      switch channel % 3 {
      case 0: isNucleus ? 22000 : isTissue ? 54000 : 62000
      case 1: isNucleus ? 14000 : isTissue ? 36000 : 62000
      default: isNucleus ? 36000 : isTissue ? 50000 : 62000
      }
    return max(0, min(65535, base + noise))
  }

  /// A hash, 0...65535.
  private static func noise(_ x: Int, _ y: Int, _ channel: Int, _ seed: Int) -> Int {
    var hash = UInt64(
      bitPattern: Int64(y &* 7919 &+ x &* 104_729 &+ channel &* 31 &+ seed &* 15_485_863))
    hash = (hash ^ (hash >> 15)) &* 0x9E37_79B9_7F4A_7C15
    hash ^= hash >> 29
    hash = hash &* 0xBF58_476D_1CE4_E5B9
    return Int((hash ^ (hash >> 32)) & 65535)
  }
}
