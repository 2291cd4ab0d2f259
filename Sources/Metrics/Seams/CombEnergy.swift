import Foundation

/// How much of the picture's gradient repeats with the tiles.
///
/// The profile is the mean over all rows of |sample - sample to the left| (for horizontal seams:
/// over all columns, of |sample - sample above|). `ratio` is the mean magnitude of its Fourier
/// transform at the frequencies k / pitch over the mean at the nearest frequencies beside them, up
/// to three on each side. k is at most 256. Frequencies at multiples of 1/16 px are left out, where
/// the blocks of JPEG and the strides of networks have combs of their own. Both means have a floor:
/// what rounding to 8 bits alone gives, so that a flat image has 1 too.
public struct CombEnergy: Sendable, Hashable, Codable {
  /// What it means, in a line.
  public static let meaning =
    "how much of the gradient repeats with the tiles, over what repeats at nearby periods; 1 = none"

  /// The channel, or "luminance".
  public let channel: String
  /// The magnitude at k / pitch over that at the neighbors; 1 = no comb.
  public let ratio: Double

  private static let maximumHarmonics = 256
  private static let maximumNeighbors = 3
  private static let blockSide = 16

  /// The ratio of a profile in 8-bit levels, or nil unless two whole tiles fit.
  ///
  /// Each value is a mean over `count` samples; one that is no number counts as the mean of the rest.
  static func ratio(_ profile: [Double], pitch: Int, count: Int) -> Double? {
    let tiles = profile.count / pitch
    guard tiles >= 2 else { return nil }
    let length = tiles * pitch
    let neighbors = min(maximumNeighbors, tiles / 2)
    let harmonics = harmonics(pitch: pitch, length: length, neighbors: neighbors)
    guard !harmonics.isEmpty else { return nil }
    let known = profile.prefix(length).filter(\.isFinite)
    let mean = known.reduce(0, +) / Double(max(1, known.count))
    let values = profile.prefix(length).map { $0.isFinite ? $0 - mean : 0 }
    // The variance of a difference of two rounded values is 2/12.
    let floor = Double(length) / 6 / Double(max(1, count))
    func magnitude(beside shift: Int) -> Double {
      let powers = powers(values, pitch: pitch, shift: shift, at: harmonics)
      return powers.reduce(0) { $0 + ($1 + floor).squareRoot() }
    }
    let beside = (1...neighbors).reduce(0) { $0 + magnitude(beside: $1) + magnitude(beside: -$1) }
    return magnitude(beside: 0) / (beside / Double(2 * neighbors))
  }

  /// The numbers k whose frequencies are compared: none whose neighborhood holds a multiple of
  /// 1/16 px.
  private static func harmonics(pitch: Int, length: Int, neighbors: Int) -> [Int] {
    (1...min(maximumHarmonics, (pitch - 1) / 2)).filter { k in
      // The distance to the nearest multiple, in units of 1 / (16 pitch).
      let remainder = k * blockSide % pitch
      let distance = min(remainder, pitch - remainder)
      return distance * (length / pitch) >= (neighbors + 1) * blockSide
    }
  }

  /// |Fourier transform|² of `values` at the frequencies k / pitch + shift / length.
  ///
  /// Turned by the shift and folded to one period, all frequencies together cost one pass over the
  /// values and one period for each k.
  private static func powers(
    _ values: [Double], pitch: Int, shift: Int, at harmonics: [Int]
  ) -> [Double] {
    var real = [Double](repeating: 0, count: pitch)
    var imaginary = real
    for (index, value) in values.enumerated() {
      // Reduced to one turn first, where the sine is precise.
      let turns = Double(index * shift % values.count) / Double(values.count)
      real[index % pitch] += value * cos(2 * .pi * turns)
      imaginary[index % pitch] -= value * sin(2 * .pi * turns)
    }
    let circle = (0..<pitch).map { index in
      let angle = 2 * .pi * Double(index) / Double(pitch)
      return (cosine: cos(angle), sine: sin(angle))
    }
    return harmonics.map { k in
      var (sumReal, sumImaginary) = (0.0, 0.0)
      var position = 0
      for index in 0..<pitch {
        let (cosine, sine) = circle[position]
        sumReal += real[index] * cosine + imaginary[index] * sine
        sumImaginary += imaginary[index] * cosine - real[index] * sine
        position += k
        if position >= pitch { position -= pitch }
      }
      return sumReal * sumReal + sumImaginary * sumImaginary
    }
  }
}
