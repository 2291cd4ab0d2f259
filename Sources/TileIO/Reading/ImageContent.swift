public import TesseraPlugin

/// What the pixels of a file stand for.
public enum ImageContent: Sendable, Hashable {
  /// Brightness or colours.
  case picture
  /// Numbers of classes; with a palette, colours stand for the numbers of their nearest ones there.
  case labels(palette: LabelColours?)
  /// A place for each sample that is not 0: as a picture, but for PNG files with a palette, whose indices
  /// are read.
  case mask
}

extension ImageContent {
  /// What a pair takes its images for.
  public init(_ input: PairInput) {
    switch input {
    case .picture, .volume: self = .picture
    case .labels(let colours):
      self = .labels(
        palette: colours.isEmpty ? nil : LabelColours(colours.map { .init(colour: $0) }))
    }
  }
}
