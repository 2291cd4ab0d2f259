import TesseraPlugin

/// A length of time as people say it.
enum SpokenDuration {
  /// Two units at most: `42 s`, `5 min 03 s`, `3 h 20 min`, `2 d 4 h`.
  static func text(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "unknown" }
    guard seconds < 1e9 else { return "years" }
    let total = Int(saturating: seconds.rounded(.up))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if total < 60 { return "\(total) s" }
    if total < 3600 { return "\(total / 60) min \(two(total % 60)) s" }
    if total < 86_400 { return "\(total / 3600) h \(two(total / 60 % 60)) min" }
    return "\(total / 86_400) d \(total / 3600 % 24) h"
  }

  /// A short time in ms, a longer one in s: `142 ms`, `2.3 s`.
  static func step(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "unknown" }
    if seconds < 0.01 { return "\(ShortNumber.text(seconds * 1000)) ms" }
    if seconds < 1 { return "\(Int(saturating: seconds * 1000)) ms" }
    return "\(ShortNumber.text(seconds)) s"
  }
}
