/// A discriminator (`netD`).
package enum DiscriminatorChoice: Sendable, Hashable {
  /// Single pixels (`pixel`).
  case pixel
  /// Patches, after so many halvings: 3 (`basic`) sees 70 px, 5 sees 286 px.
  case patch(layers: Int)

  /// Reads `basic`, `pixel`, or `patch16`, `34`, `70`, `142`, `286`, `574` by the px that it sees.
  package init?(_ name: String) {
    switch name {
    case "pixel": self = .pixel
    case "basic": self = .patch(layers: 3)
    default:
      guard name.hasPrefix("patch"), let side = Int(name.dropFirst(5)),
        let place = Self.fields.firstIndex(of: side)
      else { return nil }
      self = .patch(layers: place + 1)
    }
  }

  /// Its name.
  package var name: String {
    switch self {
    case .pixel: "pixel"
    case .patch(let layers):
      Self.fields.indices.contains(layers - 1) ? "patch\(Self.fields[layers - 1])" : "patch"
    }
  }

  /// Receptive fields of 1, 2, … halvings, px.
  private static let fields = [16, 34, 70, 142, 286, 574]
}

extension DiscriminatorChoice: OptionValue {
  static let (placeholder, words) = (
    "name", "basic, pixel, patch16, patch34, patch70, patch142, patch286 or patch574"
  )
  init?(option text: String) { self.init(text) }
  var optionText: String { self == .patch(layers: 3) ? "basic" : name }

  private struct Fields: Decodable {
    struct Patch: Decodable { var layers: Int }
    var patch: Patch?
  }

  /// Reads a name, or the object that earlier versions wrote.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let fields = try? container.decode(Fields.self) {
      self = fields.patch.map { .patch(layers: $0.layers) } ?? .pixel
      return
    }
    let name = try container.decode(String.self)
    guard let choice = DiscriminatorChoice(name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "there is no discriminator \(name)")
    }
    self = choice
  }

  /// Writes the name.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(optionText)
  }
}
