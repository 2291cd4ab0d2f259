/// Pictures that a formula gives, in any language the same.
enum TestPictures {
  /// Smooth structure with some texture, 0...255.
  static func first(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    let wave = (x * (3 + channel) + y * 2) % 128
    let fold = wave < 64 ? wave : 127 - wave
    return min(255, 20 + fold * 3 + (x * y + channel * 17) % 29 + x * 20 / 200)
  }

  /// The same, shifted in color and with another texture.
  static func second(_ x: Int, _ y: Int, _ channel: Int) -> Int {
    let noise = (x * 7 + y * 13 + channel * 5 + x * y % 11) % 37 - 18
    return max(0, min(255, first(x, y, channel) * (10 - channel) / 10 + noise + 12))
  }

  /// Samples row by row.
  static func samples(
    width: Int, height: Int, channels: Int, _ value: (Int, Int, Int) -> Int
  ) -> [Float] {
    var samples: [Float] = []
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels { samples.append(Float(value(x, y, channel))) }
      }
    }
    return samples
  }

  /// Numbers from -1 to 1 that look random.
  static func number(_ index: Int, seed: Int) -> Double {
    var hash = UInt64(truncatingIfNeeded: index &* 2_654_435_761 ^ seed &* 40503)
    hash = (hash ^ (hash >> 29)) &* 0xff51_afd7_ed55_8ccd
    hash ^= hash >> 32
    return Double(hash >> 11) / Double(1 << 52) - 1
  }
}
