/// How a volume becomes the slices that a pair takes, and its results a volume.
public struct SliceFormat: Codable, Sendable, Hashable {
  /// Which way slices are cut, and how they lie as pictures.
  public enum Plane: String, Codable, Sendable, CaseIterable {
    /// The patient's left is right, the back is below; slices follow to the head.
    case axial
    /// The patient's left is right, the feet are below; slices follow to the back.
    case coronal
    /// The patient's back is right, the feet are below; slices follow to the left.
    case sagittal

    /// Where columns, rows and slices lead to, as nibabel says it.
    public var orientation: String {
      switch self {
      case .axial: "LPS"
      case .coronal: "LIP"
      case .sagittal: "PIL"
      }
    }
  }

  /// How samples become comparable from one scanner to another.
  public struct Normalization: Codable, Sendable, Hashable {
    /// What is fitted to a volume.
    public enum Kind: String, Codable, Sendable, CaseIterable {
      /// Two percentiles become 0 and 1.
      case percentile
      /// The mean becomes 0, the standard deviation 1.
      case zScore = "z-score"
      /// Nothing: samples stand for themselves, as Hounsfield units do.
      case none
    }

    /// What is fitted to a volume.
    public var kind: Kind
    /// The percentile that becomes 0.
    public var low: Double?
    /// The percentile that becomes 1.
    public var high: Double?

    /// Describes a normalization.
    public init(_ kind: Kind, low: Double? = nil, high: Double? = nil) {
      (self.kind, self.low, self.high) = (kind, low, high)
    }
  }

  /// Ways of cutting that the pair is made for; the first is used where one is enough.
  public var planes: [Plane]
  /// Distance between samples in mm, to the left, to the back and to the head; nil leaves it.
  public var spacing: [Double]?
  /// Slices on each side that the pair is shown as channels, besides the slice itself.
  public var neighbors: Int
  /// How samples become comparable.
  public var normalization: Normalization
  /// Whether the body is told from the air around it: samples outside are not measured, and become
  /// `outside` in the result.
  public var mask: Bool
  /// What is outside the body in the result, such as -1024 HU.
  public var outside: Float?
  /// Values that a result can mean, such as -1024 and 2000 HU; it is held to them.
  public var range: [Float]?
  /// DICOM's code of what goes in, "MR".
  public var sourceModality: String?
  /// DICOM's code of what comes out, "CT".
  public var targetModality: String?

  private enum CodingKeys: String, CodingKey {
    case planes, spacing, mask, outside, range, sourceModality, targetModality
    case neighbors = "neighbours"
    case normalization = "normalisation"
  }

  /// Describes axial slices that stand for themselves.
  public init(planes: [Plane] = [.axial]) {
    self.planes = planes
    neighbors = 0
    normalization = Normalization(.none)
    mask = false
  }

  /// Channels of a slice with its neighbors.
  public var channels: Int { 2 * neighbors + 1 }

  /// Says what is wrong with the description, or nothing.
  public var fault: String? {
    guard !planes.isEmpty, Set(planes).count == planes.count else {
      return "its planes are \(planes.map(\.rawValue)), not one to three different ones"
    }
    if let spacing, !(spacing.count == 3 && spacing.allSatisfy { $0.isFinite && $0 > 0 }) {
      return "its spacing is \(spacing), not three lengths in mm"
    }
    guard (0...16).contains(neighbors) else { return "it has \(neighbors) neighbours" }
    if let range, !(range.count == 2 && range.allSatisfy(\.isFinite) && range[0] < range[1]) {
      return "its range is \(range), not two rising numbers"
    }
    if let outside, !outside.isFinite { return "outside is \(outside)" }
    guard normalization.kind == .percentile else { return nil }
    guard let low = normalization.low, let high = normalization.high, (0...100).contains(low),
      (0...100).contains(high), low < high
    else { return "percentiles need low and high, two rising numbers from 0 to 100" }
    return nil
  }

  /// Options of volumes in this format, which a pair declares among its own.
  public var options: [PairOption] {
    var options = [
      PairOption(
        "orientations", .choice(["1", "3"]), default: "1",
        help: "3: axial, coronal and sagittal slices are translated and their mean is taken")
    ]
    if sourceModality == "MR" {
      options.append(
        PairOption(
          "n4", .flag, default: "false", help: "remove the coil's shading first (N4 of ITK)"))
    }
    return options
  }
}
