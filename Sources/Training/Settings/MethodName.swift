/// The methods by the names that the command line has for them.
public enum MethodName: String, Sendable, Hashable, Codable, CaseIterable {
  case pix2pix, cyclegan, cut, fastcut, spade, pix2pixhd

  /// What its data have to be, unless label maps are turned off.
  var kind: Dataset.Kind {
    switch self {
    case .pix2pix: .paired
    case .cyclegan, .cut, .fastcut: .unpaired
    case .spade, .pix2pixhd: .labels
    }
  }

  /// Published epochs: at the full learning rate, and while it falls.
  public var epochs: (constant: Int, decay: Int) {
    switch self {
    case .pix2pix, .cyclegan, .pix2pixhd: (100, 100)
    case .cut: (200, 200)
    case .fastcut: (150, 50)
    case .spade: (50, 0)
    }
  }
}
