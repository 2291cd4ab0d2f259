/// A short stream of numbers that belongs to one lattice point.
struct HashedNumbers {
  private var state: UInt32

  init(_ noise: LatticeNoise, x: Int, y: Int) {
    state = noise.hash(UInt32(truncatingIfNeeded: x), UInt32(truncatingIfNeeded: y))
  }

  /// The next number in 0..<1.
  @inline(__always)
  mutating func next() -> Float {
    state = state &* 747_796_405 &+ 2_891_336_453
    var word = ((state >> ((state >> 28) &+ 4)) ^ state) &* 277_803_737
    word = (word >> 22) ^ word
    return Float(word >> 8) * 0x1p-24
  }

  /// The next number in `range`.
  @inline(__always)
  mutating func next(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + next() * (range.upperBound - range.lowerBound)
  }
}
