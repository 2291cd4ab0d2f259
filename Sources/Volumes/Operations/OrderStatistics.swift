/// Percentiles of samples, without sorting or copying them.
///
/// Samples that are no numbers or infinite are left out.
struct OrderStatistics {
  private let samples: [Float]
  private let inside: [Bool]?
  /// Samples by the upper half of their keys.
  private let upper: [Int]
  /// Samples that count.
  let count: Int

  /// Counts the samples, those inside of a mask or all.
  init(_ samples: [Float], inside: [Bool]?) {
    self.samples = samples
    self.inside = inside
    var upper = [Int](repeating: 0, count: 1 << 16)
    Self.visit(samples, inside) { upper[Int($0 >> 16)] += 1 }
    self.upper = upper
    count = upper.reduce(0, +)
  }

  /// What `percent` of the samples lie below, linear between the two around it, as numpy's; nil if there
  /// are no samples.
  func percentile(_ percent: Double) -> Double? {
    let place = min(max(percent, 0), 100) / 100 * Double(count - 1)
    let below = place.rounded(.down)
    guard let low = sample(Int(below)) else { return nil }
    guard place > below, let high = sample(Int(below) + 1) else { return Double(low) }
    return Double(low) + (Double(high) - Double(low)) * (place - below)
  }

  /// The sample that has `rank` others before it when sorted.
  private func sample(_ rank: Int) -> Float? {
    var rest = rank
    guard rank >= 0, rank < count,
      let half = upper.indices.first(where: { place in
        if rest < upper[place] { return true }
        rest -= upper[place]
        return false
      })
    else { return nil }
    var lower = [Int](repeating: 0, count: 1 << 16)
    Self.visit(samples, inside) { if Int($0 >> 16) == half { lower[Int($0 & 0xffff)] += 1 } }
    for place in lower.indices {
      if rest < lower[place] { return Self.number(UInt32(half) << 16 | UInt32(place)) }
      rest -= lower[place]
    }
    return nil
  }

  /// Shows a key of each sample; keys have the order of the numbers.
  @inline(__always)
  private static func visit(_ samples: [Float], _ inside: [Bool]?, _ body: (UInt32) -> Void) {
    for index in samples.indices {
      let sample = samples[index]
      guard sample.isFinite, inside.map({ $0[index] }) ?? true else { continue }
      let bits = sample.bitPattern
      body(bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits)
    }
  }

  private static func number(_ key: UInt32) -> Float {
    Float(bitPattern: key & 0x8000_0000 == 0 ? ~key : key & 0x7fff_ffff)
  }
}
