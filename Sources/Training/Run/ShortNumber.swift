import Foundation

/// Numbers in as few characters as tell them apart.
enum ShortNumber {
  /// Three significant digits: `0.712`, `23.4`, `1.2e-05`.
  static func text(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    return String(format: "%.3g", value)
  }

  /// A mark of an axis: `0.25`, `1.5k`, `2M`.
  static func mark(_ value: Double) -> String {
    let size = abs(value)
    if size >= 1e9 || (size < 1e-3 && size > 0) { return String(format: "%.3g", value) }
    if size >= 1e6 { return String(format: "%.5g", value / 1e6) + "M" }
    if size >= 1e4 { return String(format: "%.5g", value / 1e3) + "k" }
    return String(format: "%.5g", value)
  }

  /// A count with its thousands apart: `12,300`.
  static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [Substring] = []
    while digits.count > 3 {
      groups.insert(digits.suffix(3), at: 0)
      digits = String(digits.dropLast(3))
    }
    return (value < 0 ? "-" : "") + ([digits[...]] + groups).joined(separator: ",")
  }
}
