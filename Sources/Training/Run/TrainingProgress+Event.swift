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
  public func encode(to encoder: any Encoder) throws {
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
