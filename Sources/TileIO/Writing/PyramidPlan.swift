import Base
internal import CTIFF
import TesseraPlugin

/// What a pyramid will consist of, decided before anything is written.
struct PyramidPlan: Sendable {
  /// One level.
  struct Level: Sendable, Equatable {
    let width: Int
    let height: Int
  }

  let path: String
  let info: ImageInfo
  let layout: PixelLayout
  let compression: TIFFCompression
  let profile: OutputOptions.Profile
  let tileSize: Int
  /// The tiles of level 0 that are taken over compressed; nil for none.
  let copies: TileCopies?
  /// Level 0 first.
  let levels: [Level]
  /// The level that is also the thumbnail.
  let thumbnailLevel: Int?

  /// Plans the levels, or says why the image cannot be written like this.
  init(path: String, info: ImageInfo, options: OutputOptions) throws(TesseraError) {
    self.path = path
    self.info = info
    layout = PixelLayout(info)
    let method = options.compression ?? Self.defaultCompression(of: info)
    // JPEG tiles of the source fit into a file of JPEG tiles of the same size and coding.
    copies = method == .jpeg ? info.copies : nil
    tileSize = copies?.tiles.side ?? options.tileSize
    profile = options.profile ?? Self.defaultProfile(of: info, path: path, options.tileSize)
    compression = TIFFCompression(
      method: method, quality: options.quality,
      coding: copies?.tiles.coding
        ?? JPEGTileEncoder.coding(channels: info.channels, quality: options.quality),
      hasTablesInTiles: copies != nil)
    var levels = [Level(width: info.width, height: info.height)]
    while let last = levels.last, max(last.width, last.height) > max(tileSize, 1) {
      levels.append(Level(width: max(1, last.width >> 1), height: max(1, last.height >> 1)))
    }
    self.levels = levels
    // Bio-Formats takes a thumbnail for one only where no level is smaller.
    thumbnailLevel = profile == .aperio ? levels.count - 1 : nil
    if let reason = fault(options) { throw TesseraError(path, "planning the TIFF", reason) }
  }

  /// Tiles across and down a level.
  func grid(of level: Level) -> (columns: Int, rows: Int) {
    ((level.width + tileSize - 1) / tileSize, (level.height + tileSize - 1) / tileSize)
  }

  /// What the name asks for, else what shows the most: an Aperio slide where there is a scale and that
  /// layout holds the image whole, OME-XML for others with a scale, plain pages for the rest.
  static func defaultProfile(
    of info: ImageInfo, path: String, _ tileSize: Int
  ) -> OutputOptions.Profile {
    if let named = ImageOutput.profile(named: path) { return named }
    guard let size = info.micronsPerPixel, max(info.width, info.height) > tileSize else {
      return .generic
    }
    // OpenSlide delivers gray as RGB, and an Aperio slide has one size of pixels for both directions.
    let isSquare = abs(size.x - size.y) <= 0.01 * size.x
    return isJPEG(info) && info.color == .rgb && isSquare ? .aperio : .ome
  }

  /// JPEG where the input was lossy already and JPEG can hold it, deflate otherwise and for labels.
  static func defaultCompression(of info: ImageInfo) -> OutputOptions.Compression {
    info.isLossy && !info.holdsLabels && isJPEG(info) ? .jpeg : .deflate
  }

  private static func isJPEG(_ info: ImageInfo) -> Bool {
    info.sampleFormat == .uint8 && !info.hasAlpha
      && (info.channels == 1 || (info.channels == 3 && info.color == .rgb))
  }

  private func fault(_ options: OutputOptions) -> String? {
    guard info.width > 0, info.height > 0 else { return "the image has no pixels" }
    guard max(info.width, info.height) <= Int(Int32.max) else {
      return "a TIFF has at most \(Int32.max) px a side, not \(info.width) x \(info.height)"
    }
    guard (1...65535).contains(info.channels) else {
      return "a TIFF has 1 to 65535 channels, not \(info.channels)"
    }
    guard tileSize >= 16, tileSize % 16 == 0, tileSize <= 16384 else {
      return "a tile of \(tileSize) px: use a multiple of 16 from 16 to 16384"
    }
    guard (1...100).contains(options.quality) else {
      return "a quality of \(options.quality): use 1 to 100"
    }
    let what = "\(info.sampleFormat.rawValue) with \(info.channels) channels"
    if compression.method == .jpeg, info.holdsLabels {
      return "JPEG would make classes that do not exist: use --compression deflate, lzw, zstd or"
        + " none"
    }
    if compression.method == .jpeg, !Self.isJPEG(info) {
      return "JPEG holds 8-bit grey or RGB, not \(what)\(info.hasAlpha ? " (alpha)" : ""): use "
        + "--compression deflate, lzw, zstd or none"
    }
    guard compression.isAvailable else {
      return "this libtiff was built without \(compression.method.rawValue): use --compression "
        + "deflate"
    }
    if profile == .aperio, !Self.isJPEG(info) {
      return "the profile aperio holds 8-bit grey or RGB, not \(what): use --profile generic or ome"
    }
    return nil
  }
}
