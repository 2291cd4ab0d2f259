import TesseraPlugin

/// How an image is to be written.
public struct OutputOptions: Sendable, Hashable {
  /// The layout of a TIFF: who is going to open it.
  public enum Profile: String, Sendable, Hashable, CaseIterable {
    /// A pyramid of pages: libvips, OpenSlide, tifffile; Bio-Formats sees level 0 only.
    case generic
    /// The layout and description of an Aperio slide: every reader shows all levels, mpp and power.
    case aperio
    /// Levels in SubIFDs and as pages, with OME-XML: every reader shows all levels, any samples.
    case ome
  }

  /// How the tiles of a TIFF are compressed.
  public enum Compression: String, Sendable, Hashable, CaseIterable {
    /// Baseline JPEG, 8-bit gray or RGB; lossy.
    case jpeg
    /// LZW with horizontal prediction.
    case lzw
    /// Deflate (zlib) with horizontal prediction.
    case deflate
    /// Zstandard with horizontal prediction.
    case zstd
    /// No compression.
    case none
  }

  /// The layout of a TIFF; nil follows the name and the image: aperio for a slide in color.
  public var profile: Profile?
  /// Compression of a TIFF; nil follows the input: JPEG for a lossy one, deflate for any other.
  public var compression: Compression?
  /// Quality of lossy compression, 1...100.
  public var quality: Int
  /// Side of a TIFF tile in px, a multiple of 16.
  public var tileSize: Int

  /// Makes options; the defaults suit a slide viewer.
  public init(
    profile: Profile? = nil, compression: Compression? = nil, quality: Int = 90,
    tileSize: Int = 256
  ) {
    self.profile = profile
    self.compression = compression
    self.quality = quality
    self.tileSize = tileSize
  }
}
