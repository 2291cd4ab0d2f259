import Base
internal import CVips
import Foundation
import TesseraPlugin

/// An image read through libvips, and through OpenSlide behind it.
final class VipsSource: ImageSource {
  let path: String
  let info: ImageInfo
  let loader: String
  private let image: VipsImage
  private let levels: [VipsLevel]
  private let page: Int
  private let pieces: StoredPieces

  /// Opens the file; the header is checked, no pixel is decoded yet.
  convenience init(_ path: String, loader: String, page: Int) throws(TesseraError) {
    try self.init(path, loader: loader, page: page, pieces: nil)
  }

  /// Opens the file once more, of which `pieces` knows what has been proved sound.
  private init(
    _ path: String, loader: String, page: Int, pieces: StoredPieces?
  ) throws(TesseraError) {
    let flags = vips_foreign_flags(loader, path)
    vips_error_clear()
    let isPartial = flags.rawValue & VIPS_FOREIGN_PARTIAL.rawValue != 0
    let opened = VipsLevel(path: path, loader: loader, kind: .first(page: page))
    var image = try opened.open(access: isPartial ? VIPS_ACCESS_RANDOM : VIPS_ACCESS_SEQUENTIAL)
    let orientation = image.number("orientation").map { Int(saturating: $0) } ?? 1
    let isTurned = (3...8).contains(orientation)
    if isTurned, !isPartial {
      // A turned image is needed from its other end, so it is decoded whole: to memory, or, over
      // 100 MB, to a temporary file.
      image = try opened.open(access: VIPS_ACCESS_RANDOM)
    }
    let header = VipsHeader(image, loader: loader, path: path)
    levels = header.levels(page: page)
    self.path = path
    self.loader = loader
    self.page = page
    let size = ImageInfo.Level(width: image.width, height: image.height)
    self.pieces = pieces ?? StoredPieces(opened, size: size)
    self.image = try VipsSource.normalize(image, path: path)
    info = header.info(
      of: self.image, levels: levels, isRandomAccess: isPartial || isTurned)
  }

  /// Applies orientation, and turns what no translator can read into 8, 16 bits or float.
  static func normalize(_ image: VipsImage, path: String) throws(TesseraError) -> VipsImage {
    var image = try image.map(path, "applying the orientation") { cvips_autorot($0, &$1) }
    switch image.interpretation {
    case VIPS_INTERPRETATION_CMYK:
      if image.blob("icc-profile-data") != nil {
        image = try image.map(path, "converting CMYK to RGB") { cvips_icc_to_srgb($0, &$1) }
      } else {
        image = try image.map(path, "converting CMYK to RGB") {
          cvips_colourspace($0, &$1, VIPS_INTERPRETATION_sRGB)
        }
      }
    case VIPS_INTERPRETATION_LAB, VIPS_INTERPRETATION_LABS, VIPS_INTERPRETATION_LABQ,
      VIPS_INTERPRETATION_XYZ, VIPS_INTERPRETATION_YXY, VIPS_INTERPRETATION_LCH,
      VIPS_INTERPRETATION_HSV:
      image = try image.map(path, "converting to RGB") {
        cvips_colourspace($0, &$1, VIPS_INTERPRETATION_sRGB)
      }
    default: break
    }
    switch image.bandFormat {
    case VIPS_FORMAT_UCHAR, VIPS_FORMAT_USHORT, VIPS_FORMAT_FLOAT: return image
    case VIPS_FORMAT_CHAR, VIPS_FORMAT_SHORT, VIPS_FORMAT_INT, VIPS_FORMAT_UINT,
      VIPS_FORMAT_DOUBLE:
      return try image.map(path, "converting to float") { cvips_cast($0, &$1, VIPS_FORMAT_FLOAT) }
    default:
      throw TesseraError(
        path, "opening", "complex samples are not supported; convert the file to real values")
    }
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    precondition(
      tile.channels == info.channels && tile.format == info.sampleFormat,
      "a tile of \(tile.channels) x \(tile.format) for \(info.channels) x \(info.sampleFormat)")
    if info.orientation == 1 { try pieces.check(tile.region) } else { try pieces.check() }
    try image.read(into: &tile, path: path)
  }

  /// Looks through all that is stored of the image for damage that its decoder passes over.
  func check() throws(TesseraError) { try pieces.check() }

  func reopened() throws(TesseraError) -> any ImageSource {
    info.isRandomAccess
      ? self : try VipsSource(path, loader: loader, page: page, pieces: pieces)
  }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    let width = max(1, info.width / reduction)
    let height = max(1, info.height / reduction)
    let (index, remaining) =
      info.orientation == 1 ? info.coarsestLevel(dividing: reduction) : (0, reduction)
    let level = levels[index]
    let access = info.isRandomAccess ? VIPS_ACCESS_RANDOM : VIPS_ACCESS_SEQUENTIAL
    let stored = try level.open(access: access)
    if case .first = level.kind {
      try pieces.check()
    } else {
      let size = ImageInfo.Level(width: stored.width, height: stored.height)
      try StoredPieces(level, size: size).check()
    }
    var shrunk = try VipsSource.normalize(stored, path: path)
    let format = shrunk.bandFormat
    if remaining > 1 {
      if shrunk.width < remaining || shrunk.height < remaining {
        shrunk = try shrunk.map(path, "reducing") {
          cvips_embed_copy(
            $0, &$1, Int32(max(remaining, shrunk.width)), Int32(max(remaining, shrunk.height)))
        }
      }
      shrunk = try shrunk.map(path, "reducing") { cvips_shrink($0, &$1, Double(remaining)) }
      shrunk = try shrunk.map(path, "reducing") { cvips_cast($0, &$1, format) }
    }
    shrunk = try shrunk.map(path, "reducing") {
      cvips_embed_copy($0, &$1, Int32(max(width, shrunk.width)), Int32(max(height, shrunk.height)))
    }
    shrunk = try shrunk.map(path, "reducing") {
      cvips_extract_area($0, &$1, 0, 0, Int32(width), Int32(height))
    }
    return try shrunk.wholeTile(
      channels: info.channels, format: info.sampleFormat, path: path)
  }
}
