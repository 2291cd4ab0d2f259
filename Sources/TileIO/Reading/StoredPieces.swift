import Base
internal import CTIFF
internal import CTurboJPEG
import Foundation
import Synchronization
import TesseraPlugin

/// The compressed pieces in which a file keeps an image: tiles, strips, or the file itself.
///
/// Decoders pass over damage where they still get some pixels: libjpeg only counts it, libtiff never
/// comes to the checksum of deflate. So a piece is proved sound before pixels of it are read, once.
final class StoredPieces: Sendable {
  /// How the pieces are laid out and compressed.
  private struct Layout {
    enum Coding {
      case jpeg(tables: [UInt8])
      case deflate
      case lzw
    }

    var coding: Coding
    /// Size of the image, and of a piece of it.
    var image: ImageInfo.Level
    var piece: ImageInfo.Level
    var isTiled = false
    var planes = 1
    /// Bytes that a piece makes, and a row of one.
    var bytes = 0
    var bytesPerRow = 0
    var places: [(offset: UInt64, count: UInt64)]

    var across: Int { (image.width + piece.width - 1) / piece.width }
    var down: Int { (image.height + piece.height - 1) / piece.height }
  }

  private struct State {
    var layout: Layout?
    var isSound: [Bool] = []
  }

  private let path: String
  private let level: VipsLevel
  private let size: ImageInfo.Level
  /// Nil until the first look at the file.
  private let state = Mutex<State?>(nil)

  /// The pieces of a level, whose image has this size as it is stored.
  init(_ level: VipsLevel, size: ImageInfo.Level) {
    path = level.path
    self.level = level
    self.size = size
  }

  /// Proves all pieces sound.
  func check() throws(TesseraError) {
    try check(PixelRegion(x: 0, y: 0, width: size.width, height: size.height))
  }

  /// Proves the pieces sound that hold a region of the image as it is stored.
  func check(_ region: PixelRegion) throws(TesseraError) {
    let (found, unproved) = state.withLock { state in
      if state == nil {
        let layout = findLayout()
        let isSound = [Bool](repeating: false, count: layout?.places.count ?? 0)
        state = State(layout: layout, isSound: isSound)
      }
      guard let known = state, let layout = known.layout else { return (Layout?.none, [Int]()) }
      return (layout, Self.indices(of: region, in: layout).filter { !known.isSound[$0] })
    }
    guard let layout = found, !unproved.isEmpty else { return }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw TesseraError(path, "opening", "it cannot be opened any more")
    }
    let failure = Mutex<(index: Int, message: String)?>(nil)
    DispatchQueue.concurrentPerform(iterations: unproved.count) { number in
      let index = unproved[number]
      // The first of several is told; what comes behind it need not be looked at.
      guard failure.withLock({ $0.map { index < $0.index } ?? true }),
        let message = Self.damage(of: index, in: layout, descriptor: file.fileDescriptor)
      else { return }
      failure.withLock { if index < $0?.index ?? .max { $0 = (index, message) } }
    }
    if let (index, message) = failure.withLock({ $0 }) {
      throw TesseraError(
        path, action(index, layout),
        "\(message); the file is damaged, copy it again from its origin")
    }
    state.withLock { state in
      for index in unproved { state?.isSound[index] = true }
    }
  }

  private func action(_ index: Int, _ layout: Layout) -> String {
    let place = index % (layout.across * layout.down)
    let (column, row) = (place % layout.across, place / layout.across)
    let which = if case .first = level.kind { "" } else { " of a smaller level" }
    if layout.isTiled { return "decoding tile \(column), \(row)\(which)" }
    if layout.down == 1 { return "decoding its pixels" }
    let last = min((row + 1) * layout.piece.height, layout.image.height) - 1
    return "decoding rows \(row * layout.piece.height) to \(last)\(which)"
  }

  private static func indices(of region: PixelRegion, in layout: Layout) -> [Int] {
    let whole = PixelRegion(x: 0, y: 0, width: layout.image.width, height: layout.image.height)
    let region = region.intersection(whole)
    guard region.width > 0, region.height > 0 else { return [] }
    let rows =
      (region.y / layout.piece.height)...((region.rows.upperBound - 1) / layout.piece.height)
    let columns =
      (region.x / layout.piece.width)...((region.columns.upperBound - 1) / layout.piece.width)
    return (0..<layout.planes).flatMap { plane in
      rows.flatMap { row in
        columns.map { (plane * layout.down + row) * layout.across + $0 }
      }
    }
  }

  private static func damage(of index: Int, in layout: Layout, descriptor: Int32) -> String? {
    let (offset, count) = layout.places[index]
    // No piece where a slide was not scanned.
    guard count > 0 else { return nil }
    let row = index / layout.across % layout.down
    let rows = min(layout.piece.height, layout.image.height - row * layout.piece.height)
    let minimum = layout.isTiled ? layout.bytes : layout.bytesPerRow * rows
    switch layout.coding {
    case .jpeg(let tables):
      var damage = cjpeg_damage()
      let status = cjpeg_find_damage(descriptor, offset, count, tables, tables.count, &damage)
      guard status != 0 else { return nil }
      return withUnsafeBytes(of: damage.text) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
    case .deflate:
      return ctiff_deflate_damage(descriptor, offset, count, UInt64(minimum)).map {
        String(cString: $0)
      }
    case .lzw:
      return ctiff_lzw_damage(descriptor, offset, count, UInt64(layout.bytes), UInt64(minimum)).map
      {
        String(cString: $0)
      }
    }
  }

  /// Nil where the pieces are compressed in a way whose decoder tells damage itself, or that has no
  /// means to tell it.
  private func findLayout() -> Layout? {
    if level.loader.hasPrefix("VipsForeignLoadJpeg") {
      let count = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? UInt64
      return Layout(
        coding: .jpeg(tables: []), image: size, piece: size, places: [(0, count ?? .max / 2)])
    }
    guard level.loader.hasPrefix("VipsForeignLoadTiff") || level.isSlide else { return nil }
    ctiff_silence()
    guard let tiff = TIFFOpen(path, "rm") else { return nil }
    defer { TIFFClose(tiff) }
    guard let directory = TIFFDirectory.select(level, size: size, of: tiff) else { return nil }
    return layout(of: directory, tiff)
  }

  private func layout(of directory: TIFFDirectory, _ tiff: OpaquePointer) -> Layout? {
    let coding: Layout.Coding
    switch directory.compression {
    case Int(COMPRESSION_JPEG): coding = .jpeg(tables: TIFFDirectory.jpegTables(of: tiff))
    case Int(COMPRESSION_LZW):
      // Strips of subsampled colors are of odd sizes, which the count of pixels needs.
      guard directory.photometric != Int(PHOTOMETRIC_YCBCR) else { return nil }
      coding = .lzw
    case Int(COMPRESSION_ADOBE_DEFLATE), Int(COMPRESSION_DEFLATE): coding = .deflate
    default: return nil
    }
    let isTiled = directory.tile != nil
    let image = ImageInfo.Level(width: directory.width, height: directory.height)
    let piece =
      directory.tile
      ?? ImageInfo.Level(
        width: image.width,
        height: min(max(1, TIFFDirectory.rowsPerStrip(of: tiff)), image.height))
    guard piece.width > 0, piece.height > 0 else { return nil }
    if case .jpeg = coding {
      // Larger pictures, as in NDPI, say 0 in their header, and only OpenSlide reads them.
      guard max(piece.width, piece.height) <= 65500 else { return nil }
    }
    let bytes = isTiled ? TIFFTileSize64(tiff) : TIFFVStripSize64(tiff, UInt32(piece.height))
    var layout = Layout(
      coding: coding, image: image, piece: piece, isTiled: isTiled,
      planes: directory.isPlanar ? directory.samplesPerPixel : 1, bytes: Int(clamping: bytes),
      bytesPerRow: directory.photometric == Int(PHOTOMETRIC_YCBCR)
        ? 0 : Int(clamping: TIFFVStripSize64(tiff, 1)), places: [])
    let count = Int(isTiled ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff))
    guard count == layout.across * layout.down * layout.planes else { return nil }
    layout.places = (0..<UInt32(count)).map {
      (TIFFGetStrileOffset(tiff, $0), TIFFGetStrileByteCount(tiff, $0))
    }
    return layout
  }
}
