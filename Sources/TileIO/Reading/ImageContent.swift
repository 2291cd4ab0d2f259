/// What the pixels of a file stand for.
public enum ImageContent: Sendable, Hashable {
  /// Brightness or colours.
  case picture
  /// Numbers of classes; with a palette, colours stand for the numbers of their nearest ones there.
  case labels(palette: LabelColours?)
}
