/// What a pair makes.
public enum PairOutput: Sendable, Hashable {
  /// Brightness or colours.
  case picture
  /// Numbers of classes in one channel, which nothing averages, rescales or compresses with loss; the
  /// class of number 0 comes first, and none need be described.
  case labels([LabelClass])
  /// Measured values, such as probabilities, with the name of each channel; they are written as floats
  /// unless the user asks for another depth.
  case values([String])

  /// Whether samples are numbers of classes.
  public var isLabels: Bool { if case .labels = self { true } else { false } }
}

/// A class of a label map.
public struct LabelClass: Sendable, Hashable, Codable {
  /// What it is called.
  public var name: String
  /// Red, green and blue in which it is shown; nil leaves it to the program that shows it.
  public var colour: [UInt8]?

  /// Describes a class.
  public init(_ name: String, colour: [UInt8]? = nil) {
    (self.name, self.colour) = (name, colour)
  }
}
