import TesseraPlugin

/// What a test picture shows.
indirect enum PicturePattern: Sendable {
  /// Waves, edges and noise in colors of stained tissue; blobs of classes for label maps.
  case tissue(seed: Int)
  /// One value everywhere, 0...65535; the middle class for label maps, the first or the last at the
  /// ends.
  case uniform(Int)
  /// Tissue, with values among it that are no numbers.
  case notNumbers
  /// Tissue between flat patches of black, white, gray and saturated colors, noise, and single pixels
  /// of any of these.
  case extremes
  /// As another of half the size, each pixel of which is a square of four: its overview holds all of
  /// it.
  case doubled(PicturePattern)
  /// Every so many pixels of another, in both directions.
  case thinned(PicturePattern, by: Int)
  /// As another, but with all other pixels than those of a region changed: by noise (`variant` 0 and
  /// 1), to black, to white, to noise of all values, to saturated colors, to those here and there, or
  /// a single pixel beside the region to white.
  case changed(PicturePattern, keeping: PixelRegion, variant: Int)

  /// How many variants ``changed`` has.
  static let variants = 8

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
    case .extremes:
      return classes.map { Self.noise(x, y, 0, 5) % $0 } ?? Self.extreme(x, y, channel)
    case .doubled(let pattern): return pattern.level(x >> 1, y >> 1, channel, classes: classes)
    case .thinned(let pattern, let step):
      return pattern.level(x * step, y * step, channel, classes: classes)
    case .changed(let pattern, let region, let variant):
      let level = pattern.level(x, y, channel, classes: classes)
      guard !region.columns.contains(x) || !region.rows.contains(y) else { return level }
      if let classes { return (level + 1 + variant) % classes }
      switch variant {
      case 2: return 0
      case 3: return 65535
      case 4: return Self.noise(x, y, channel, 79)
      case 5: return Self.saturated(x, y, channel)
      case 6: return Self.noise(x, y, 0, 81) % 509 == 0 ? Self.saturated(x, y, channel) : level
      case 7:
        let isBeside = x == region.x + region.width || x == region.x - 1
        return isBeside && y == region.y + region.height / 2 ? 65535 : level
      // Never the same, and without any order that could cancel out.
      default: return (level + 16384 + Self.noise(x, y, channel, 77 + variant) % 32768) % 65536
      }
    }
  }

  /// A corner of the cube of colors.
  private static func saturated(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    (noise(x, y, 0, 83) >> (channel % 8)) & 1 == 0 ? 0 : 65535
  }

  private static func extreme(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    // One of 16 patches of 40 px, by a hash, so that each has other ones beside it.
    let patch = noise(x / 40, y / 40, 0, 85) % 16
    switch patch {
    case 0: return 0
    case 1: return 65535
    case 2: return 32768
    case 3...8: return (patch - 2) >> (channel % 3) & 1 == 0 ? 0 : 65535
    case 9: return noise(x, y, channel, 87)
    case 10: return saturated(x, y, channel)
    default:
      let isHot = noise(x, y, 0, 89) % 1021 == 0
      return isHot ? saturated(x, y, channel) : tissue(x, y, channel, 1)
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
