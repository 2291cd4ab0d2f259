/// A number that two sets of images have, whether or not they show the same scenes.
public enum SetMetric: String, Sendable, Hashable, Codable, CaseIterable {
  case fid
  case kid
  case histogram
  case color = "colour"
  case stainAngle = "stain-angle"
  case stainNMI = "stain-nmi"

  /// Whether it needs a network.
  public var needsBackbone: Bool { self == .fid || self == .kid }

  /// Whether it needs red, green and blue.
  public var needsColor: Bool {
    switch self {
    case .color, .stainAngle, .stainNMI: true
    case .fid, .kid, .histogram: false
    }
  }
}
