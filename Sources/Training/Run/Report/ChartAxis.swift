import Foundation
import TesseraPlugin

/// The range of an axis and the marks on it.
struct ChartAxis {
  let low: Double
  let high: Double
  let isLogarithmic: Bool
  let marks: [Double]

  /// An axis for values, of which one in a hundred may lie outside: a spike must not flatten all the
  /// rest.
  ///
  /// It is logarithmic where the values are positive and their course, if it is given, or else they
  /// themselves span a large factor.
  init(values: [Double], course: [Double]) {
    let sorted = values.sorted()
    guard let smallest = sorted.first, let largest = sorted.last else {
      self.init(low: 0, high: 1, isLogarithmic: false)
      return
    }
    let cut = sorted.count >= 100 ? sorted.count / 200 : 0
    let low = min(sorted[cut], course.min() ?? largest)
    let high = max(sorted[sorted.count - 1 - cut], course.max() ?? smallest)
    let span = course.min().flatMap { low in course.max().map { $0 / low } } ?? high / low / 3
    if low > 0, span > 10 {
      self.init(low: low / 1.15, high: high * 1.15, isLogarithmic: true)
    } else {
      let width = high - low > 1e-12 * max(abs(high), abs(low)) ? high - low : max(abs(high), 1e-9)
      // A scale from zero shows how large a change is, where that leaves room for it.
      let bottom = low >= 0 && low < 0.5 * high ? 0 : low - 0.06 * width
      self.init(low: bottom, high: high + 0.06 * width, isLogarithmic: false)
    }
  }

  /// An axis of steps, all of which are on it.
  init(steps: [Double]) {
    let (low, high) = (steps.min() ?? 0, steps.max() ?? 1)
    self.init(low: low, high: high > low ? high : low + 1, isLogarithmic: false)
  }

  private init(low: Double, high: Double, isLogarithmic: Bool) {
    (self.low, self.high, self.isLogarithmic) = (low, high, isLogarithmic)
    marks = isLogarithmic ? Self.decades(low, high) : Self.even(low, high)
  }

  /// Where a value stands, 0...1; values outside stand at the end.
  func place(_ value: Double) -> Double {
    let part =
      isLogarithmic
      ? log(max(value, low) / low) / log(high / low) : (value - low) / (high - low)
    return part.isFinite ? min(1, max(0, part)) : 0
  }

  private static func even(_ low: Double, _ high: Double) -> [Double] {
    let rough = (high - low) / 4
    let power = pow(10, floor(log10(rough)))
    let step = power * ([1, 2, 5, 10].first { $0 * power >= rough } ?? 10)
    let (first, last) = ((low / step).rounded(.up), (high / step).rounded(.down))
    guard step > 0, first <= last, last - first < 20 else { return [low, high] }
    return (0...Int(saturating: last - first)).map { (first + Double($0)) * step }
  }

  private static func decades(_ low: Double, _ high: Double) -> [Double] {
    let powers = Int(saturating: floor(log10(low)))...Int(saturating: ceil(log10(high)))
    let factors: [Double] = powers.count <= 4 ? [1, 2, 5] : [1]
    let every = max(1, powers.count / 5)
    return powers.filter { $0 % every == 0 }
      .flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
      .filter { (low...high).contains($0) }
  }
}
