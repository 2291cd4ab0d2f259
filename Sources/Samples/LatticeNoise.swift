/// Smooth noise from an integer hash of lattice points: any point costs the same and needs no table.
struct LatticeNoise: Sendable {
  let seed: UInt32

  init(seed: UInt32) { self.seed = seed }

  // Adding 1.5 · 2²³ rounds a Float to an integer that can be read from its low bits, which
  // vectorizes where a conversion that traps does not. Good for coordinates below 2²².
  private static var rounding: Float { 12_582_912 }

  /// A hash of the lattice point; all 32 bits are usable.
  @inline(__always)
  func hash(_ x: UInt32, _ y: UInt32) -> UInt32 {
    finish((x &* 0x9E37_79B1) &+ seed, y &* 0x85EB_CA77)
  }

  @inline(__always)
  private func finish(_ x: UInt32, _ y: UInt32) -> UInt32 {
    var h = x ^ y
    h = (h ^ (h >> 15)) &* 0x2C1B_3C6D
    h = (h ^ (h >> 12)) &* 0x297A_2D39
    return h ^ (h >> 15)
  }

  // One multiplication fewer: enough for the interpolated noise, which only uses the high bits.
  @inline(__always)
  private func corner(_ x: UInt32, _ y: UInt32) -> Float {
    var h = x ^ y
    h = (h ^ (h >> 15)) &* 0x2C1B_3C6D
    h = (h ^ (h >> 13)) &* 0x297A_2D39
    return Float(bitPattern: (h >> 9) | 0x3F80_0000)
  }

  /// Noise in -1...1 with a lattice of spacing 1, whose slope is at most 3 along each axis.
  @inline(__always)
  func callAsFunction(_ x: Float, _ y: Float) -> Float {
    let roundedX = (x - 0.5) + Self.rounding
    let roundedY = (y - 0.5) + Self.rounding
    let left = roundedX.bitPattern &* 0x9E37_79B1 &+ seed
    let top = roundedY.bitPattern &* 0x85EB_CA77
    let right = left &+ 0x9E37_79B1
    let bottom = top &+ 0x85EB_CA77
    let tx = x - (roundedX - Self.rounding)
    let ty = y - (roundedY - Self.rounding)
    let sx = tx * tx * (3 - 2 * tx)
    let sy = ty * ty * (3 - 2 * ty)
    let a = corner(left, top)
    let b = corner(right, top)
    let c = corner(left, bottom)
    let d = corner(right, bottom)
    let upper = a + (b - a) * sx
    let lower = c + (d - c) * sx
    return (upper + (lower - upper) * sy) * 2 - 3
  }

  /// Noise of two lattices turned against each other, in -1.4...1.4, whose shapes do not show the
  /// axes; its slope is at most 6 in any direction.
  @inline(__always)
  func turned(_ x: Float, _ y: Float) -> Float {
    0.7
      * (self(0.96 * x - 0.28 * y, 0.28 * x + 0.96 * y)
        + self(0.6 * x - 0.8 * y + 37.3, 0.8 * x + 0.6 * y - 19.1))
  }
}
