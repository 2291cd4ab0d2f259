public import TesseraPlugin

/// What the pixels of a file stand for.
public enum ImageContent: Sendable, Hashable {
  /// Brightness or colors.
  case picture
  /// Numbers of classes; with a palette, colors stand for the numbers of their nearest ones there.
  case labels(palette: LabelColors?)
  /// A place for each sample that is not 0: as a picture, but for PNG files with a palette, whose indices
  /// are read.
  case mask
}

extension ImageContent {
  /// What a pair takes its images for.
  public init(_ input: PairInput) {
    switch input {
    case .picture, .volume: self = .picture
    case .labels(let colors):
      self = .labels(
        palette: colors.isEmpty ? nil : LabelColors(colors.map { .init(color: $0) }))
    }
  }
}
