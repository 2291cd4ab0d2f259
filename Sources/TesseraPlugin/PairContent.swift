/// What the images that a pair takes or makes show.
public enum PairContent: Sendable, Hashable {
  /// Brightness or colours.
  case picture
  /// Numbers of classes in one channel; images in colours are read as the numbers of their nearest
  /// ones among `colours`, which hold red, green and blue of each class, if there are any. What is made
  /// has numbers only.
  case labels(colours: [[UInt8]])
}
