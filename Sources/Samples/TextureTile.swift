/// A periodic tile of isotropic noise with unit variance: the grain of chromatin and cytoplasm.
///
/// A lattice noise shows its axes at the scale of a few px; filtered white noise does not.
struct TextureTile: Sendable {
  static var side: Int { 256 }
  // Rows are longer than the period so that a run of 64 columns never wraps.
  private static var stride: Int { side + 64 }

  private let values: [Float]

  /// Makes the tile: white noise, blurred twice with a binomial kernel, minus a wider blur.
  init(seed: UInt32) {
    let noise = LatticeNoise(seed: seed)
    let side = Self.side
    var fine: [Float] = []
    for y in 0..<side {
      for x in 0..<side {
        var numbers = HashedNumbers(noise, x: x, y: y)
        fine.append(numbers.next() - 0.5)
      }
    }
    for step in [1, 1, 2] { fine = Self.blurred(fine, step: step) }
    var coarse = fine
    for step in [2, 4, 4] { coarse = Self.blurred(coarse, step: step) }
    var tile = zip(fine, coarse).map { $0 - 0.8 * $1 }
    let variance = tile.reduce(0) { $0 + $1 * $1 } / Float(tile.count)
    let scale = 1 / variance.squareRoot()
    tile = tile.map { min(2.5, max(-2.5, $0 * scale)) }
    values = (0..<side * Self.stride).map {
      tile[$0 / Self.stride * side + $0 % Self.stride % side]
    }
  }

  private static func blurred(_ values: [Float], step: Int) -> [Float] {
    let mask = side - 1
    var rows = values
    for index in values.indices {
      let row = index & ~mask
      rows[index] =
        0.25 * values[row + (index - step) & mask] + 0.5 * values[index]
        + 0.25 * values[row + (index + step) & mask]
    }
    let last = values.count - 1
    return rows.indices.map { index in
      0.25 * rows[(index - step * side) & last] + 0.5 * rows[index]
        + 0.25 * rows[(index + step * side) & last]
    }
  }

  /// Hands out at least 64 columns of row `y` from column `x` on, both taken modulo the side.
  @inline(__always)
  func withRow<Result>(x: Int, y: Int, _ body: (UnsafePointer<Float>) -> Result) -> Result? {
    values.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map {
        body($0 + (y & (Self.side - 1)) * Self.stride + (x & (Self.side - 1)))
      }
    }
  }
}
