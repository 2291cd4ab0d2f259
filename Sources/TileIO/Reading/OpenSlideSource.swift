import Base
import TesseraPlugin

/// A slide of a kind that only a recent OpenSlide reads: DICOM, Zeiss CZI.
final class OpenSlideSource: ImageSource {
  let info: ImageInfo
  private let slide: OpenSlideFile

  /// Opens a file; nil where it is no slide.
  convenience init?(_ path: String) throws(TesseraError) {
    let kind = DICOMSlideFile(path) == nil ? "a Zeiss CZI slide" : "a whole slide in DICOM"
    switch OpenSlideLibrary.shared {
    case .success(let library):
      if library.recognizes(path) {
        self.init(try OpenSlideFile(path, library))
        return
      }
      guard Self.isMeant(by: path) else { return nil }
      throw TesseraError(
        path, "opening", "it begins as \(kind) but is none; it is damaged, copy it again")
    case .failure(let error):
      guard Self.isMeant(by: path) else { return nil }
      throw TesseraError(path, "opening", "\(kind) needs OpenSlide 4.0.1: \(error.reason)")
    }
  }

  /// Whether a file is a slide by its content.
  static func isSlide(_ path: String) -> Bool {
    (try? OpenSlideLibrary.shared.get())?.recognizes(path) == true
  }

  /// Whether a file begins as slides do that other readers do not know, or not well.
  static func isMeant(by path: String) -> Bool {
    if DICOMSlideFile(path) != nil { return true }
    let mark = Array("ZISRAWFILE".utf8)
    return FileStart.bytes(of: path, count: mark.count).map { [UInt8]($0) } == mark
  }

  private init(_ slide: OpenSlideFile) {
    self.slide = slide
    let size = slide.levels[0].size
    let vendor = slide.property("openslide.vendor") ?? "unknown"
    let name = vendor == "dicom" ? "DICOM" : "\(vendor.prefix(1).uppercased())\(vendor.dropFirst())"
    var info = ImageInfo(
      format: "\(name) slide", width: size.width, height: size.height, channels: 3, color: .rgb,
      sampleFormat: .uint8)
    info.levels = slide.levels.map(\.size)
    info.isRandomAccess = true
    info.isLossy = Self.isLossy(slide)
    info.iccProfile = slide.iccProfile
    if let x = slide.number("openslide.mpp-x"), let y = slide.number("openslide.mpp-y") {
      info.micronsPerPixel = (x, y)
    }
    info.objectivePower = slide.number("openslide.objective-power")
    info.storedTile = slide.levels[0].tile
    self.info = info
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    precondition(
      tile.channels == 3 && tile.format == .uint8,
      "a tile of \(tile.channels) x \(tile.format) for RGB of 8 bits")
    try slide.read(0, into: &tile)
  }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    let (index, remaining) = info.coarsestLevel(dividing: reduction)
    let stored = try Level(slide, index, of: info).overview(reduction: remaining)
    let region = PixelRegion(
      x: 0, y: 0, width: max(1, info.width / reduction), height: max(1, info.height / reduction))
    guard stored.region != region else { return stored }
    // A level may be a pixel larger or smaller than the division has it.
    var overview = Tile(region: region, channels: 3, format: .uint8)
    let last = stored.region.width - 1
    for row in region.rows {
      stored.withRow(
        min(row, stored.region.height - 1), columns: stored.region.columns, as: UInt8.self
      ) { source in
        overview.withMutableRow(row, columns: region.columns, as: UInt8.self) { target in
          for index in target.indices {
            target[index] = source[3 * min(index / 3, last) + index % 3]
          }
        }
      }
    }
    return overview
  }

  /// DICOM says how it is stored; CZI may be either.
  private static func isLossy(_ slide: OpenSlideFile) -> Bool {
    // Explicit VR, JPEG 2000 and HTJ2K without loss
    let lossless = ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.201"]
    guard let syntax = slide.property("dicom.TransferSyntaxUID") else { return true }
    return !lossless.contains(syntax) || slide.property("dicom.LossyImageCompression") == "01"
  }

  /// One level as an image of its own.
  private final class Level: ImageSource {
    let info: ImageInfo
    private let slide: OpenSlideFile
    private let index: Int

    init(_ slide: OpenSlideFile, _ index: Int, of info: ImageInfo) {
      self.slide = slide
      self.index = index
      var info = info
      let size = slide.levels[index].size
      (info.width, info.height, info.levels) = (size.width, size.height, [size])
      self.info = info
    }

    func read(into tile: inout Tile) throws(TesseraError) { try slide.read(index, into: &tile) }
  }
}
