/// The percentile `percent` of `values`, interpolated linearly between ranks as NumPy does; nil for
/// no values.
///
/// Takes two passes over the values and a sort of the few that share the leading bits of the rank
/// looked for. No value may be NaN.
package func percentile(_ percent: Double, of values: [Double]) -> Double? {
  guard let (low, high, fraction) = ranks(percent, of: values) else { return nil }
  return low + (high - low) * fraction
}

/// The two values between which a percentile lies, and how far it lies from the first.
func ranks(
  _ percent: Double, of values: [Double]
) -> (low: Double, high: Double, fraction: Double)? {
  guard !values.isEmpty else { return nil }
  let position = percent / 100 * Double(values.count - 1)
  let rank = min(Int(position), values.count - 1)
  let next = min(rank + 1, values.count - 1)

  // The order of the keys is that of the values: sign, exponent and six bits of the mantissa.
  let shift: UInt64 = 46
  @inline(__always) func key(_ value: Double) -> Int {
    let bits = value.bitPattern
    let ordered = bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    return Int(truncatingIfNeeded: ordered >> shift)
  }
  var counts = [Int32](repeating: 0, count: 1 << 18)
  counts.withUnsafeMutableBufferPointer { counts in
    for value in values { counts[key(value)] += 1 }
  }
  var below = 0
  var first: (key: Int, below: Int)?
  var last = 0
  for (index, count) in counts.enumerated() where count > 0 {
    let end = below + Int(count)
    if first == nil, rank < end { first = (index, below) }
    if next < end {
      last = index
      break
    }
    below = end
  }
  guard let first else { return nil }
  var shared: [Double] = []
  for value in values {
    let key = key(value)
    if key >= first.key && key <= last { shared.append(value) }
  }
  shared.sort()
  return (
    shared[rank - first.below], shared[next - first.below], position - Double(rank)
  )
}
