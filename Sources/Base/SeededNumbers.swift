/// Random numbers that follow from a seed and a place alone (SplitMix64).
///
/// Who draws every number from the generator of its place (an epoch, a step, an example of a step)
/// needs no state of a generator to go on where it was stopped.
package struct SeededNumbers: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// The plain sequence of a state.
  package init(state: UInt64) { self.state = state }

  /// The generator of a place, such as (epoch) or (step, example), for one purpose; the same place of
  /// two purposes has nothing in common.
  package init(seed: UInt64, purpose: UInt64, place: [Int]) {
    state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
    state = Self.mixed(state ^ purpose)
    for number in place {
      state = Self.mixed(state &+ 0x9E37_79B9_7F4A_7C15 &+ UInt64(bitPattern: Int64(number)))
    }
  }

  /// The next 64 bits (SplitMix64).
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number from 0 up to 1, 1 excluded.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True or false, each half of the time.
  package mutating func coin() -> Bool { next() >> 63 == 1 }

  /// A number from 0 up to `count`, `count` excluded.
  package mutating func index(below count: Int) -> Int { Int.random(in: 0..<count, using: &self) }

  /// `count` different numbers below `total`, in random order: the start of a permutation.
  package mutating func sample(_ count: Int, of total: Int) -> [Int] {
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
