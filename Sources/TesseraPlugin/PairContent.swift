/// The kind of images that a pair takes.
public enum PairInput: Sendable, Hashable {
  /// Brightness or colors.
  case picture
  /// Class numbers in one channel.
  ///
  /// Color images are read as the numbers of the nearest colors among `colors`, which hold red,
  /// green and blue of each class, if there are any.
  case labels(colors: [[UInt8]])
  /// Slices of a volume, cut and normalized in this way; pictures are refused.
  case volume(SliceFormat)
}

/// The kind of output that a pair makes.
public enum PairOutput: Sendable, Hashable {
  /// Brightness or colors.
  case picture
  /// Class numbers in one channel, which are never averaged, rescaled or compressed with loss; the
  /// class with number 0 comes first, and none need be described.
  case labels([LabelClass])
  /// Measured values, such as probabilities, with the name of each channel; they are written as
  /// floats unless the user asks for another depth.
  case values([String])

  /// Whether samples are class numbers.
  public var isLabels: Bool { if case .labels = self { true } else { false } }
}

/// A class of a label map.
public struct LabelClass: Sendable, Hashable, Codable {
  /// The name of the class.
  public var name: String
  /// Red, green and blue in which it is shown; nil leaves the color to the viewer.
  public var color: [UInt8]?

  private enum CodingKeys: String, CodingKey {
    case name
    case color = "colour"
  }

  /// Describes a class.
  public init(_ name: String, color: [UInt8]? = nil) {
    (self.name, self.color) = (name, color)
  }
}

/// What a pair takes besides the image, given as `--input name=…`.
///
/// The channels of further images follow those of the image, in the order in which they are
/// declared, in the overview, in samples and in windows alike. A number is among the options.
public struct FurtherInput: Sendable, Hashable {
  /// The kind of an input.
  public enum Kind: Sendable, Hashable {
    /// An image of the same size in one channel: full intensity where the file is above 0, else 0.
    case mask
    /// An image of the same size with this many color channels.
    case picture(channels: Int)
    /// An image of the same size with class numbers in one channel.
    case labels
    /// A number in this range, which the pair reads as an option of the same name.
    case number(ClosedRange<Double>)

    /// Channels that it adds to a window.
    public var channels: Int {
      switch self {
      case .mask, .labels: 1
      case .picture(let channels): channels
      case .number: 0
      }
    }
  }

  /// The name, in kebab case.
  public let name: String
  /// The kind of the input.
  public let kind: Kind
  /// One line saying what it is for.
  public let help: String

  /// Declares a required input.
  public init(_ name: String, _ kind: Kind, help: String) {
    self.name = name
    self.kind = kind
    self.help = help
  }
}
