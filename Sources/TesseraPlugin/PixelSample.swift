/// Pixels of one part of an image at full resolution, requested by a pair for calibration.
public final class PixelSample: Sendable {
  /// The pixels, in the channels and format of the image, without alpha.
  public let pixels: Tile

  /// Creates a sample from its pixels.
  public init(_ pixels: consuming Tile) { self.pixels = pixels }
}
