/// A generator by the name that the official code has for it (`netG`).
package enum GeneratorChoice: Sendable, Hashable {
  /// `resnet_9blocks`, `resnet_6blocks` or any other number.
  case resnet(blocks: Int)
  /// `unet_256`, `unet_128` or another power of two: the size that its halvings bring down to 1 px.
  case unet(side: Int)
  /// `stainnet`: three 1x1 convolutions, a function of single pixels (Kang et al. 2021).
  case stainNet

  /// Reads a name; nil where it is none.
  package init?(_ name: String) {
    guard name != "stainnet" else {
      self = .stainNet
      return
    }
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    if parts[0] == "resnet", parts[1].hasSuffix("blocks"), let blocks = Int(parts[1].dropLast(6)),
      (1...64).contains(blocks)
    {
      self = .resnet(blocks: blocks)
    } else if parts[0] == "unet", let side = Int(parts[1]), (32...4096).contains(side),
      side & (side - 1) == 0
    {
      self = .unet(side: side)
    } else {
      return nil
    }
  }

  var canBeResidual: Bool {
    if case .unet = self { false } else { true }
  }

  /// The official name.
  package var name: String {
    switch self {
    case .resnet(let blocks): "resnet_\(blocks)blocks"
    case .unet(let side): "unet_\(side)"
    case .stainNet: "stainnet"
    }
  }

  /// What the sides of its pictures are multiples of.
  package var sizeMultiple: Int {
    switch self {
    case .resnet: 4
    case .unet(let side): side
    case .stainNet: 1
    }
  }
}

extension GeneratorChoice: OptionValue {
  static let (placeholder, words) = (
    "name", "unet_N, resnet_Nblocks or stainnet, as in unet_256 and resnet_9blocks"
  )
  init?(option text: String) { self.init(text) }
  var optionText: String { name }

  /// Reads a name.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let choice = GeneratorChoice(name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "there is no generator \(name)")
    }
    self = choice
  }

  /// Writes the name.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
