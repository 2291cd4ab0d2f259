import Base
internal import CTIFF
import TesseraPlugin

/// What a pyramid will consist of, decided before anything is written.
struct PyramidPlan: Sendable {
  /// One level.
  struct Level: Sendable, Equatable {
    let width: Int
    let height: Int
    /// Whether the level is in the file; those after it only lead to the thumbnail.
    let isStored: Bool
  }

  /// Longer side of the thumbnail of an Aperio slide, at most.
  static let thumbnailSide = 1024

  let path: String
  let info: ImageInfo
  let layout: PixelLayout
  let compression: TIFFCompression
  let profile: OutputOptions.Profile
  let tileSize: Int
  /// Level 0 first.
  let levels: [Level]
  /// The level that is also the thumbnail.
  let thumbnailLevel: Int?

  /// Plans the levels, or says why the image cannot be written like this.
  init(path: String, info: ImageInfo, options: OutputOptions) throws(TesseraError) {
    self.path = path
    self.info = info
    layout = PixelLayout(info)
    profile = options.profile
    tileSize = options.tileSize
    compression = TIFFCompression(
      method: options.compression ?? Self.defaultCompression(of: info), quality: options.quality)
    var levels = [Level(width: info.width, height: info.height, isStored: true)]
    while let last = levels.last {
      let fitsTile = max(last.width, last.height) <= tileSize
      let fitsThumbnail = max(last.width, last.height) <= Self.thumbnailSide
      if fitsTile && (fitsThumbnail || profile != .aperio) { break }
      levels.append(
        Level(
          width: max(1, last.width >> 1), height: max(1, last.height >> 1), isStored: !fitsTile))
    }
    self.levels = levels
    thumbnailLevel =
      profile == .aperio
      ? levels.firstIndex { max($0.width, $0.height) <= Self.thumbnailSide } : nil
    if let reason = fault(options) { throw TesseraError(path, "planning the TIFF", reason) }
  }

  /// The levels that are in the file.
  var storedLevels: ArraySlice<Level> { levels.prefix { $0.isStored } }

  /// Tiles across and down a level.
  func grid(of level: Level) -> (columns: Int, rows: Int) {
    ((level.width + tileSize - 1) / tileSize, (level.height + tileSize - 1) / tileSize)
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
