import Base

/// How the samples of different machines are made comparable; nothing is cut off.
public struct IntensityNormalization: Sendable, Hashable {
  /// What becomes 0 and 1.
  public enum Kind: Sendable, Hashable {
    /// Two percentiles, linear between order statistics as numpy's, become 0 and 1.
    case percentile(low: Double, high: Double)
    /// The mean becomes 0, a standard deviation (of the population) 1.
    case zScore
    /// Two values, such as HU, become 0 and 1.
    case window(low: Double, high: Double)
  }

  /// What becomes 0 and 1.
  public let kind: Kind

  /// Makes a normalization; percentiles lie in 0...100, and `low` below `high`.
  public init(_ kind: Kind) {
    precondition(Self.reason(against: kind) == nil, "\(kind)")
    self.kind = kind
  }

  /// Percentiles become 0 and 1.
  public static func percentile(low: Double, high: Double) -> Self {
    Self(.percentile(low: low, high: high))
  }

  /// The mean becomes 0, the standard deviation 1.
  public static let zScore = Self(.zScore)

  /// Values become 0 and 1.
  public static func window(low: Double, high: Double) -> Self {
    Self(.window(low: low, high: high))
  }

  /// Why a kind makes no sense; nil where it does.
  static func reason(against kind: Kind) -> String? {
    switch kind {
    case .percentile(let low, let high):
      low >= 0 && low < high && high <= 100
        ? nil : "percentiles lie in 0 to 100, low below high, not \(low) and \(high)"
    case .zScore: nil
    case .window(let low, let high):
      low < high && (high - low).isFinite
        ? nil : "a window's low lies below its high, not \(low) and \(high)"
    }
  }

  /// The mapping of a volume, measured inside of the mask, or everywhere.
  ///
  /// - Throws: Where the mask is empty, or all samples are the same or no numbers.
  public func fitted(
    to volume: Volume, in mask: VolumeMask? = nil
  ) throws(TesseraError) -> IntensityMapping {
    if case .window(let low, let high) = kind { return IntensityMapping(zero: low, one: high) }
    let action = "normalising its intensities"
    if let mask {
      precondition(mask.geometry.size == volume.geometry.size, "a mask of another grid")
      guard mask.count > 0 else {
        throw TesseraError(
          volume.name, action,
          "no body was found in it, or its mask is empty; is it the right file?")
      }
    }
    let place = mask == nil ? "" : " in the body"
    guard let (zero, one) = measured(volume.samples, mask?.inside) else {
      throw TesseraError(volume.name, action, "its samples\(place) are no numbers")
    }
    guard one - zero > 1e-8 * abs(zero), (1 / (one - zero)).isFinite else {
      throw TesseraError(
        volume.name, action,
        "its samples\(place) do not differ: \(describe(zero, one)); there is nothing to compare")
    }
    return IntensityMapping(zero: zero, one: one)
  }

  /// The volume with comparable samples.
  ///
  /// - Throws: As ``fitted(to:in:)``.
  public func applied(
    to volume: Volume, in mask: VolumeMask? = nil
  ) throws(TesseraError) -> Volume {
    try fitted(to: volume, in: mask).applied(to: volume)
  }

  private func describe(_ zero: Double, _ one: Double) -> String {
    switch kind {
    case .percentile(let low, let high):
      "the percentiles \(low) and \(high) are both \(Float(zero))"
    default: "all are \(Float(zero))"
    }
  }

  /// What becomes 0 and 1; nil where there is no sample.
  private func measured(_ samples: [Float], _ inside: [Bool]?) -> (Double, Double)? {
    switch kind {
    case .percentile(let low, let high):
      let statistics = OrderStatistics(samples, inside: inside)
      guard let zero = statistics.percentile(low), let one = statistics.percentile(high) else {
        return nil
      }
      return (zero, one)
    case .zScore: return moments(samples, inside).map { ($0.mean, $0.mean + $0.deviation) }
    case .window(let low, let high): return (low, high)
    }
  }

  private func moments(
    _ samples: [Float], _ inside: [Bool]?
  ) -> (mean: Double, deviation: Double)? {
    func sum(_ term: (Double) -> Double) -> (Double, Int) {
      var (sum, count) = (0.0, 0)
      for index in samples.indices where inside.map({ $0[index] }) ?? true {
        guard samples[index].isFinite else { continue }
        sum += term(Double(samples[index]))
        count += 1
      }
      return (sum, count)
    }
    let (total, count) = sum { $0 }
    guard count > 0 else { return nil }
    let mean = total / Double(count)
    let squares = sum { ($0 - mean) * ($0 - mean) }.0
    return (mean, (squares / Double(count)).squareRoot())
  }
}
