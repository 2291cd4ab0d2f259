import TesseraPlugin

/// How far a run is, for a line on a terminal or an event of `--progress json`.
public struct TrainingProgress: Sendable, Hashable {
  /// A loss by its official name.
  public struct Loss: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The value.
    public var value: Double

    /// Names a value.
    public init(_ name: String, _ value: Double) { (self.name, self.value) = (name, value) }
  }

  /// Steps done.
  public var step: Int
  /// Steps of the whole run.
  public var steps: Int
  /// The current epoch, from 1.
  public var epoch: Int
  /// Epochs of the whole run.
  public var epochs: Int
  /// Time of a recent step; nil before there is one.
  public var secondsPerStep: Double?
  /// Part of the time spent waiting for data, 0...1.
  public var dataWait: Double
  /// Losses, the most important first.
  public var losses: [Loss]

  /// Describes a moment of a run.
  public init(
    step: Int, steps: Int, epoch: Int, epochs: Int, secondsPerStep: Double? = nil,
    dataWait: Double = 0, losses: [Loss] = []
  ) {
    (self.step, self.steps, self.epoch, self.epochs) = (step, steps, epoch, epochs)
    (self.secondsPerStep, self.dataWait, self.losses) = (secondsPerStep, dataWait, losses)
  }

  /// Time until the last step; nil before it can be told.
  public var secondsLeft: Double? { secondsPerStep.map { $0 * Double(max(0, steps - step)) } }

  /// Part of the run that is done, 0...1.
  public var fraction: Double {
    steps > 0 ? min(1, max(0, Double(step) / Double(steps))) : 0
  }

  /// The line for a terminal of so many columns; losses that do not fit are left out.
  public func line(columns: Int = .max) -> String {
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
