import TesseraPlugin

/// What the numbers of a network's input or output mean.
public struct PictureFormat: Codable, Sendable, Hashable {
  /// How channels are to be read.
  public enum Color: String, Codable, Sendable, CaseIterable {
    /// Red, green, blue.
    case rgb
    /// Blue, green, red.
    case bgr
    /// One channel of brightness or of a physical quantity.
    case gray = "grey"
    /// Class numbers, which become one channel a class; coming out, the number of the largest channel.
    case labels
    /// Measured values that come out, such as probabilities.
    case values
    /// Any other channels, in the order of the image.
    case other
  }

  /// What a sample of an image stands for.
  public enum Units: String, Codable, Sendable {
    /// A share of full intensity, whatever the bit depth.
    case intensity
    /// Itself, such as a Hounsfield unit.
    case physical
  }

  /// Channels of the network.
  public var channels: Int
  /// How they are read.
  public var color: Color
  /// The network's numbers for black and white, or for both ends of `window`.
  public var range: [Float]
  /// What a sample of an image stands for; intensity unless given.
  public var units: Units?
  /// Physical values that map to `range`, such as -1000 and 2000 HU.
  public var window: [Float]?
  /// Classes of a label map, if the last channel of the network marks borders one less than channels.
  public var classes: Int?
  /// The class that numbers beyond the last one become; they are refused unless given.
  public var unknownClass: Int?
  /// Red, green and blue of each class in order: for label maps that are stored as colors, and those
  /// in which label maps that come out are shown.
  public var palette: [[Int]]?
  /// What classes or values that come out are called, in the order of the channels.
  public var names: [String]?

  private enum CodingKeys: String, CodingKey {
    case channels, range, units, window, classes, unknownClass, palette, names
    case color = "colour"
  }

  /// Describes pictures; `range` is that of a photo.
  public init(channels: Int, color: Color, range: ClosedRange<Float>) {
    self.channels = channels
    self.color = color
    self.range = [range.lowerBound, range.upperBound]
  }

  /// Whether it is a picture in red, green and blue.
  var isColor: Bool { color == .rgb || color == .bgr }

  /// What comes out, for a pair.
  var output: PairOutput {
    switch color {
    case .rgb, .bgr, .gray, .other: return .picture
    case .values: return .values(names ?? [])
    case .labels:
      guard names != nil || palette != nil else { return .labels([]) }
      return .labels(
        (0..<channels).map { index in
          LabelClass(
            names?[index] ?? "class \(index)",
            color: palette.map { $0[index].map { UInt8(clamping: $0) } })
        })
    }
  }

  /// Channels of the image that is read or written.
  public var imageChannels: Int { color == .labels ? 1 : channels }

  /// The network's number is `offset` + `factor` times the sample, where full intensity is `white`.
  func mapping(white: Float) -> (factor: Float, offset: Float) {
    let (low, high) = (range[0], range[1])
    guard units == .physical, let window else { return ((high - low) / white, low) }
    let factor = (high - low) / (window[1] - window[0])
    return (factor, low - window[0] * factor)
  }

  /// Makes samples stand for themselves, where there is a window.
  mutating func take(window: ClosedRange<Float>?) {
    guard let window else { return }
    units = .physical
    self.window = [window.lowerBound, window.upperBound]
  }

  /// Says what is wrong with the description, or nothing.
  var fault: String? {
    guard channels >= 1, channels <= 4096 else { return "it has \(channels) channels" }
    guard range.count == 2, range.allSatisfy(\.isFinite), range[0] < range[1] else {
      return "its range is \(range), not two rising numbers"
    }
    if color == .rgb || color == .bgr, channels != 3 {
      return "\(color.rawValue) has 3 channels, not \(channels)"
    }
    if color == .gray, channels != 1 { return "grey has 1 channel, not \(channels)" }
    if units == .physical {
      guard let window, window.count == 2, window.allSatisfy(\.isFinite), window[0] < window[1]
      else { return "physical units need a window of two rising numbers" }
    }
    if let classes, !(1...channels).contains(classes) {
      return "it has \(classes) classes in \(channels) channels"
    }
    if let unknownClass, !(0..<(classes ?? channels)).contains(unknownClass) {
      return "class \(unknownClass) for unknown labels is not one of its own"
    }
    return paletteFault
  }

  /// What is wrong with the description of what comes out; labels are told from a score a class.
  var outputFault: String? {
    if let names, names.count != channels {
      return "it has \(names.count) names for \(channels) channels"
    }
    guard color == .labels else {
      return names != nil && color != .values
        ? "names are for labels and values, and its colour is \(color.rawValue)" : nil
    }
    if let palette, palette.count != channels {
      return "its palette has \(palette.count) colours for \(channels) classes"
    }
    guard (2...256).contains(channels) else {
      return "labels are the largest of 2 to 256 channels, one a class, not of \(channels)"
    }
    guard classes == nil, unknownClass == nil else {
      return "classes and unknownClass are for label maps that go in"
    }
    return nil
  }

  private var paletteFault: String? {
    guard let palette else { return nil }
    guard color == .labels else {
      return "it has a palette, which is for labels, and its colour is \(color.rawValue)"
    }
    guard palette.allSatisfy({ $0.count == 3 && $0.allSatisfy((0...255).contains) }) else {
      return "its palette holds other than three numbers from 0 to 255 a class"
    }
    let maximum = classes ?? channels
    guard (1...maximum).contains(palette.count) else {
      return "its palette has \(palette.count) colours for \(maximum) classes"
    }
    guard Set(palette).count == palette.count else { return "its palette has a colour twice" }
    return nil
  }
}
