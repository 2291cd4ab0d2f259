import TesseraPlugin

/// How far a run is, for a line on a terminal or an event of `--progress json`.
package struct TrainingProgress: Sendable, Hashable {
  /// A loss by its official name.
  package struct Loss: Sendable, Hashable {
    /// The name.
    package var name: String
    /// The value.
    package var value: Double

    /// Names a value.
    package init(_ name: String, _ value: Double) { (self.name, self.value) = (name, value) }
  }

  /// Steps done.
  package var step: Int
  /// Steps of the whole run.
  package var steps: Int
  /// The current epoch, from 1.
  package var epoch: Int
  /// Epochs of the whole run.
  package var epochs: Int
  /// Time of a recent step; nil before there is one.
  package var secondsPerStep: Double?
  /// Part of the time spent waiting for data, 0...1.
  package var dataWait: Double
  /// Losses, the most important first.
  package var losses: [Loss]

  /// Describes a moment of a run.
  package init(
    step: Int, steps: Int, epoch: Int, epochs: Int, secondsPerStep: Double? = nil,
    dataWait: Double = 0, losses: [Loss] = []
  ) {
    (self.step, self.steps, self.epoch, self.epochs) = (step, steps, epoch, epochs)
    (self.secondsPerStep, self.dataWait, self.losses) = (secondsPerStep, dataWait, losses)
  }

  /// Time until the last step; nil before it can be told.
  package var secondsLeft: Double? { secondsPerStep.map { $0 * Double(max(0, steps - step)) } }

  /// Part of the run that is done, 0...1.
  package var fraction: Double {
    steps > 0 ? min(1, max(0, Double(step) / Double(steps))) : 0
  }

  /// The line for a terminal of so many columns; losses that do not fit are left out.
  package func line(columns: Int = .max) -> String {
    let start =
      "step \(ShortNumber.count(step))/\(ShortNumber.count(steps))  epoch \(epoch)/\(epochs)"
    var end = ""
    if let secondsPerStep { end += "  \(SpokenDuration.step(secondsPerStep))/step" }
    end += "  data \(Self.percent(dataWait))"
    if let secondsLeft { end += "  \(SpokenDuration.text(secondsLeft)) left" }
    var middle = ""
    for loss in losses {
      let more = "  \(loss.name) \(ShortNumber.text(loss.value))"
      guard start.count + middle.count + more.count + end.count <= columns else { break }
      middle += more
    }
    return String((start + middle + end).prefix(columns))
  }

  static func percent(_ part: Double) -> String {
    part.isFinite ? "\(Int(saturating: min(1, max(0, part)) * 100)) %" : "unknown"
  }
}

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

extension TrainingProgress: Encodable {
  private enum Key: String, CodingKey {
    case event, step, steps, epoch, epochs, fraction, secondsPerStep, dataWait, losses, secondsLeft
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Writes the event; a loss that is no number is null, for which JSON has no other word.
  package func encode(to encoder: any Encoder) throws {
    var event = encoder.container(keyedBy: Key.self)
    try event.encode("progress", forKey: .event)
    try event.encode(step, forKey: .step)
    try event.encode(steps, forKey: .steps)
    try event.encode(epoch, forKey: .epoch)
    try event.encode(epochs, forKey: .epochs)
    try event.encode(fraction, forKey: .fraction)
    try event.encodeIfPresent(secondsPerStep.finite, forKey: .secondsPerStep)
    try event.encodeIfPresent(Optional(dataWait).finite, forKey: .dataWait)
    try event.encodeIfPresent(secondsLeft.finite, forKey: .secondsLeft)
    var losses = event.nestedContainer(keyedBy: Name.self, forKey: .losses)
    for loss in self.losses {
      try losses.encode(Optional(loss.value).finite, forKey: Name(stringValue: loss.name))
    }
  }
}

extension Double? {
  fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
