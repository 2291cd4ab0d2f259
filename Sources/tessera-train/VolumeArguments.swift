#if Training
  import ArgumentParser
  import TesseraPlugin
  import Translation

  extension SliceFormat.Plane: ExpressibleByArgument {}

  /// How volumes become the slices that are learned from.
  struct VolumeArguments: ParsableArguments {
    @Option(
      help: ArgumentHelp(
        "How slices are cut: axial, coronal, sagittal, or several of them (axial).",
        valueName: "plane,…"),
      transform: Self.planes)
    var planes: [SliceFormat.Plane]?

    @Option(
      help: ArgumentHelp(
        "mm to the left, to the back and to the head that volumes are resampled to (as they are).",
        valueName: "x,y,z"),
      transform: Self.lengths)
    var spacing: [Double]?

    @Option(
      name: .customLong("neighbours"),
      help: "Slices on each side that the network sees as channels (0).")
    var neighbors: Int?

    @Option(
      name: .customLong("normalisation"),
      help: ArgumentHelp(
        "How the source becomes comparable: percentile:LOW:HIGH, z-score or none (percentile:1:99.5 for MRI, none for CT).",
        valueName: "kind"),
      transform: Self.normalization)
    var normalization: SliceFormat.Normalization?

    @Option(
      name: .customLong("target-normalisation"),
      help: ArgumentHelp("The same for the target.", valueName: "kind"),
      transform: Self.normalization)
    var targetNormalization: SliceFormat.Normalization?

    @Flag(inversion: .prefixedNo, help: "Tell the body from the air around it (yes).")
    var bodyMask: Bool?

    @Option(
      help: ArgumentHelp(
        "What the target is outside of the body (-1024 for CT, 0 otherwise).", valueName: "value"))
    var outside: Float?

    mutating func validate() throws {
      if let neighbors, !(0...16).contains(neighbors) {
        throw ValidationError("--neighbours takes a number from 0 to 16.")
      }
    }

    /// Whether any of the options was given.
    var isUsed: Bool {
      planes != nil || spacing != nil || neighbors != nil || normalization != nil
        || targetNormalization != nil || bodyMask != nil || outside != nil
    }

    private static func planes(_ text: String) throws -> [SliceFormat.Plane] {
      let planes = text.split(separator: ",").map { SliceFormat.Plane(rawValue: String($0)) }
      guard !planes.isEmpty, planes.allSatisfy({ $0 != nil }) else {
        throw ValidationError("planes are axial, coronal and sagittal, with commas between them.")
      }
      return planes.compactMap(\.self)
    }

    private static func lengths(_ text: String) throws -> [Double] {
      let numbers = text.split(separator: ",").map { Double($0) ?? .nan }
      guard numbers.count == 3, numbers.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw ValidationError("a spacing is three lengths in mm, as in 1,1,3.")
      }
      return numbers
    }

    private static func normalization(_ text: String) throws -> SliceFormat.Normalization {
      let parts = text.split(separator: ":").map(String.init)
      if parts.count == 3, parts[0] == "percentile", let low = Double(parts[1]),
        let high = Double(parts[2]), (0...100).contains(low), (0...100).contains(high), low < high
      {
        return SliceFormat.Normalization(.percentile, low: low, high: high)
      }
      if parts.count == 1, let kind = SliceFormat.Normalization.Kind(rawValue: parts[0]),
        kind != .percentile
      {
        return SliceFormat.Normalization(kind)
      }
      throw ValidationError(
        "a normalisation is percentile:LOW:HIGH, as in percentile:1:99.5, or z-score, or none.")
    }
  }
#endif
