/// Random numbers that follow from a seed and a place alone.
///
/// Training draws every number from the generator of its place (an epoch, a step, an example of a
/// step), so that a resumed run needs no state of a generator to draw what an uninterrupted one does.
public struct SeededNumbers: RandomNumberGenerator, Sendable {
  /// What numbers are drawn for; the same place of two purposes has nothing in common.
  public enum Purpose: UInt64, Sendable {
    case parameters = 1
    case order, augmentation, pool, patches, noise, flips, penalty, samples
  }

  private var state: UInt64

  /// The generator of a place, such as (epoch) or (step, example).
  public init(seed: UInt64, _ purpose: Purpose, _ place: Int...) {
    state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
    state = Self.mixed(state ^ purpose.rawValue)
    for number in place {
      state = Self.mixed(state &+ 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: Int64(number)))
    }
  }

  /// The next 64 bits (SplitMix64).
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number from 0 up to 1, 1 excluded.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True or false, each half of the time.
  public mutating func coin() -> Bool { next() >> 63 == 1 }

  /// A number from 0 up to `count`, `count` excluded.
  public mutating func index(below count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

  /// `count` different numbers below `total`, in random order: the start of a permutation.
  public mutating func sample(_ count: Int, of total: Int) -> [Int] {
    // Fisher and Yates, remembering only the places that were moved.
    var moved: [Int: Int] = [:]
    return (0..<count).map { place in
      let other = place + index(below: total - place)
      let chosen = moved[other] ?? other
      moved[other] = moved[place] ?? place
      return chosen
    }
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
