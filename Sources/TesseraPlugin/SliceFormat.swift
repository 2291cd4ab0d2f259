/// How a volume becomes the slices that a pair takes, and its results a volume again.
public struct SliceFormat: Codable, Sendable, Hashable {
  /// The orientation of slices, and how they lie as pictures.
  public enum Plane: String, Codable, Sendable, CaseIterable {
    /// The patient's left is right, the back is below; slices follow to the head.
    case axial
    /// The patient's left is right, the feet are below; slices follow to the back.
    case coronal
    /// The patient's back is right, the feet are below; slices follow to the left.
    case sagittal

    /// The directions of columns, rows and slices, in nibabel's notation.
    public var orientation: String {
      switch self {
      case .axial: "LPS"
      case .coronal: "LIP"
      case .sagittal: "PIL"
      }
    }
  }

  /// How samples are made comparable between scanners.
  public struct Normalization: Codable, Sendable, Hashable {
    /// The kind of normalization.
    public enum Kind: String, Codable, Sendable, CaseIterable {
      /// Maps two percentiles to 0 and 1.
      case percentile
      /// Maps the mean to 0 and the standard deviation to 1.
      case zScore = "z-score"
      /// Nothing: samples stand for themselves, as Hounsfield units do.
      case none
    }

    /// The kind of normalization.
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

  /// Slice orientations that the pair is made for; the first is used where one is enough.
  public var planes: [Plane]
  /// Distance between samples in mm, to the left, to the back and to the head; nil keeps the
  /// volume's.
  public var spacing: [Double]?
  /// Slices on each side that are added as channels to the slice itself.
  public var neighbors: Int
  /// How samples are made comparable.
  public var normalization: Normalization
  /// Whether the body is segmented from the air around it: samples outside are not measured, and
  /// become `outside` in the result.
  public var mask: Bool
  /// The value outside the body in the result, such as -1024 HU.
  public var outside: Float?
  /// The range of meaningful results, such as -1024 and 2000 HU; results are clipped to it.
  public var range: [Float]?
  /// DICOM modality of the input, "MR".
  public var sourceModality: String?
  /// DICOM modality of the output, "CT".
  public var targetModality: String?

  private enum CodingKeys: String, CodingKey {
    case planes, spacing, mask, outside, range, sourceModality, targetModality
    case neighbors = "neighbours"
    case normalization = "normalisation"
  }

  /// Describes axial slices without normalization.
  public init(planes: [Plane] = [.axial]) {
    self.planes = planes
    neighbors = 0
    normalization = Normalization(.none)
    mask = false
  }

  /// Channels of a slice and its neighbors.
  public var channels: Int { 2 * neighbors + 1 }

  /// Describes what is wrong with the format, or nil if it is valid.
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

  /// Options for volumes in this format, which a pair declares among its own.
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
