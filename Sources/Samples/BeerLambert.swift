/// Turns rows of stain densities into RGB.
struct BeerLambert {
  private let hematoxylin: SIMD3<Float>
  private let eosin: SIMD3<Float>
  private let white: SIMD3<Float>

  // 2²³: a Float of this size holds an integer in its low bits, rounded to nearest.
  private static var rounding: Float { 8_388_608 }

  init(_ look: ScannerLook) {
    // The exponential below is to base 2.
    let log2e: Float = 1.442_695
    hematoxylin = look.hematoxylin * look.hematoxylinStrength * log2e
    eosin = look.eosin * look.eosinStrength * log2e
    white = look.white
  }

  /// Renders a row of tissue from column `start` of the block on.
  func render(_ span: inout MutableSpan<UInt8>, _ rows: borrowing SectionRows, from start: Int) {
    let count = span.count / 3
    let h = rows.hematoxylin + start
    let e = rows.eosin + start
    let glass = rows[.glass] + start
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 3 * SectionRows.side) { levels in
      for channel in 0..<3 {
        let level = UnsafeMutableBufferPointer(
          rebasing: levels[channel * SectionRows.side..<(channel + 1) * SectionRows.side])
        let dh = hematoxylin[channel]
        let de = eosin[channel]
        let light = white[channel]
        for x in 0..<count {
          let value = (light + glass[x]) * Self.power(dh * h[x] + de * e[x])
          level[x] = (min(255, value) + Self.rounding).bitPattern
        }
      }
      for x in 0..<count {
        span[3 * x] = UInt8(truncatingIfNeeded: levels[x])
        span[3 * x + 1] = UInt8(truncatingIfNeeded: levels[SectionRows.side + x])
        span[3 * x + 2] = UInt8(truncatingIfNeeded: levels[2 * SectionRows.side + x])
      }
    }
  }

  /// Renders a row of glass: what ``render(_:_:from:)`` gives for densities of 0.
  func renderGlass(_ span: inout MutableSpan<UInt8>, _ rows: borrowing SectionRows, from start: Int)
  {
    let glass = rows[.glass] + start
    for x in 0..<span.count / 3 {
      let shade = glass[x]
      span[3 * x] = UInt8(
        truncatingIfNeeded: (min(255, white.x + shade) + Self.rounding).bitPattern)
      span[3 * x + 1] = UInt8(
        truncatingIfNeeded: (min(255, white.y + shade) + Self.rounding).bitPattern)
      span[3 * x + 2] = UInt8(
        truncatingIfNeeded: (min(255, white.z + shade) + Self.rounding).bitPattern)
    }
  }

  /// 2 to the power of -`x` for `x` >= 0, with a relative error below 2e-6.
  @inline(__always)
  static func power(_ x: Float) -> Float {
    let y = -min(x, 30)
    let rounded = y + 12_582_912
    let fraction = y - (rounded - 12_582_912)
    var p: Float = 0.001_333_355
    p = p * fraction + 0.009_618_129
    p = p * fraction + 0.055_504_11
    p = p * fraction + 0.240_226_5
    p = p * fraction + 0.693_147_2
    p = p * fraction + 1
    return Float(bitPattern: p.bitPattern &+ (rounded.bitPattern << 23))
  }
}
