/// What a step learns from: a source and a target, which belong together where data are paired.
struct TrainingExample: Sendable {
  /// What the generator reads.
  enum Source: Sendable {
    case picture(Picture)
    /// A map of classes, and one of instances whose borders become a channel.
    case labels(LabelPicture, instances: LabelPicture?)

    /// Rows and columns.
    var size: [Int] {
      switch self {
      case .picture(let picture): [picture.height, picture.width]
      case .labels(let map, _): [map.height, map.width]
      }
    }
  }

  var source: Source
  var target: Picture
}
