/// What a pair learns about an image before it sees pixels; it never learns the file's name.
public struct ImageDescription: Sendable, Hashable {
  /// Columns of level 0.
  public var width: Int
  /// Rows of level 0.
  public var height: Int
  /// Color channels without alpha, plus the channels of further inputs.
  public var channels: Int
  /// How a sample is stored.
  public var format: SampleFormat
  /// Size of a level-0 pixel in µm, if the file states it.
  public var micronsPerPixel: Double?
  /// Number of slices of the volume, all of which are translated alike; nil for a picture.
  public var slices: Int?

  /// Describes an image.
  public init(
    width: Int, height: Int, channels: Int, format: SampleFormat, micronsPerPixel: Double? = nil
  ) {
    self.width = width
    self.height = height
    self.channels = channels
    self.format = format
    self.micronsPerPixel = micronsPerPixel
  }
}
