/// Pixels of one part of an image at full resolution, which a pair asked for to calibrate on.
public final class PixelSample: Sendable {
  /// The pixels, in the channels and format of the image, alpha left out.
  public let pixels: Tile

  /// Keeps the pixels.
  public init(_ pixels: consuming Tile) { self.pixels = pixels }
}
