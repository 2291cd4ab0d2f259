/// A discriminator (`netD`).
public enum DiscriminatorChoice: Sendable, Hashable, Codable {
  /// Single pixels (`pixel`).
  case pixel
  /// Patches, after so many halvings: 3 (`basic`) sees 70 px, 5 sees 286 px.
  case patch(layers: Int)

  /// Reads `basic`, `pixel`, or `patch16`, `34`, `70`, `142`, `286`, `574` by the px that it sees.
  public init?(_ name: String) {
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
  public var name: String {
    switch self {
    case .pixel: "pixel"
    case .patch(let layers):
      Self.fields.indices.contains(layers - 1) ? "patch\(Self.fields[layers - 1])" : "patch"
    }
  }

  /// Receptive fields of 1, 2, … halvings, px.
  private static let fields = [16, 34, 70, 142, 286, 574]
}
