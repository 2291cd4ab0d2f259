public import TesseraPlugin

/// Something that a pair takes besides the image, as a manifest declares it.
public struct InputManifest: Codable, Sendable, Hashable {
  /// What is given.
  public enum Kind: String, Codable, Sendable {
    /// An image that is above 0 where something is.
    case mask
    /// An image with `channels` color channels.
    case picture
    /// An image of class numbers.
    case labels
    /// A number in `range`.
    case number
  }

  /// The name, in kebab case.
  public var name: String
  /// What is given.
  public var type: Kind
  /// Color channels of a picture, 1 unless given.
  public var channels: Int?
  /// Both ends of a number's range.
  public var range: [Double]?
  /// One line that says what it is for.
  public var help: String

  /// The input, where the manifest is right.
  public var input: FurtherInput? {
    switch type {
    case .mask: return FurtherInput(name, .mask, help: help)
    case .labels: return FurtherInput(name, .labels, help: help)
    case .picture:
      guard (1...4096).contains(channels ?? 1) else { return nil }
      return FurtherInput(name, .picture(channels: channels ?? 1), help: help)
    case .number:
      guard let range, range.count == 2, range.allSatisfy(\.isFinite), range[0] <= range[1] else {
        return nil
      }
      return FurtherInput(name, .number(range[0]...range[1]), help: help)
    }
  }

  /// Says what is wrong with the inputs of a manifest, or nothing.
  public static func fault(of inputs: [InputManifest]) -> String? {
    var names: Set<String> = []
    for input in inputs {
      let letters = input.name.allSatisfy {
        $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-")
      }
      guard letters, input.name.first?.isLetter == true else {
        return "inputs: the name '\(input.name)' is not in kebab case"
      }
      guard names.insert(input.name).inserted else {
        return "inputs: \(input.name) is there twice"
      }
      guard input.input != nil else {
        return input.type == .number
          ? "inputs: the number \(input.name) needs its range, as in [0, 1]"
          : "inputs: \(input.name) has \(input.channels ?? 1) channels"
      }
    }
    return nil
  }
}
