import Base
import Foundation
internal import CTIFF
internal import CTurboJPEG

/// Reads a TIFF page by page; what libtiff complains about ends up in the errors.
final class TIFFReader {
  private let path: String
  private let file: UnsafeMutablePointer<ctiff_file>
  private let tiff: OpaquePointer
  /// What is wrong with the piece that was read last.
  private var damage: String?

  private static let action = "reading the TIFF"

  /// Opens a file at its first page.
  init(_ path: String) throws(TesseraError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw TesseraError(path, "opening", String(cString: strerror(errno)))
    }
    file = .allocate(capacity: 1)
    file.initialize(to: ctiff_file())
    file.pointee.descriptor = descriptor
    // D: the places of strips are read when they are needed.
    guard let opened = ctiff_open_file(file, path, "rD") else {
      let reason = Self.message(file)
      close(descriptor)
      file.deallocate()
      throw TesseraError(path, Self.action, reason)
    }
    self.path = path
    tiff = opened
  }

  deinit {
    TIFFCleanup(tiff)
    close(file.pointee.descriptor)
    file.deallocate()
  }

  /// The page at hand.
  var page: TIFFPage { TIFFPage(current: tiff) }

  /// Whether the page at hand says that it is the last.
  var isLast: Bool { TIFFLastDirectory(tiff) != 0 }

  /// Goes to the next page; false where there is none that can be read.
  func advance() -> Bool { TIFFReadDirectory(tiff) == 1 }

  /// The description of the page at hand; empty where it has none.
  var text: String {
    var value: UnsafePointer<CChar>?
    guard ctiff_get_string(tiff, UInt32(TIFFTAG_IMAGEDESCRIPTION), &value) == 1, let value else {
      return ""
    }
    return String(cString: value)
  }

  /// Pixels a unit along both axes, and the unit; nil where the page gives none.
  var resolution: (x: Double, y: Double, unit: Int32)? {
    var (x, y, unit): (Float, Float, UInt16) = (0, 0, 2)
    guard ctiff_get_float(tiff, UInt32(TIFFTAG_XRESOLUTION), &x) == 1,
      ctiff_get_float(tiff, UInt32(TIFFTAG_YRESOLUTION), &y) == 1,
      x > 0, y > 0, x.isFinite, y.isFinite
    else { return nil }
    _ = ctiff_get_u16(tiff, UInt32(TIFFTAG_RESOLUTIONUNIT), &unit)
    return (Double(x), Double(y), Int32(unit))
  }

  /// Where the samples of a page without compression start; nil where they are in several pieces.
  var start: Int? {
    var compression: UInt16 = 1
    _ = ctiff_get_u16(tiff, UInt32(TIFFTAG_COMPRESSION), &compression)
    guard compression == COMPRESSION_NONE, !isTiled, TIFFNumberOfStrips(tiff) == 1
    else { return nil }
    return Int(TIFFGetStrileOffset(tiff, 0))
  }

  /// Whether the page at hand is stored in tiles.
  var isTiled: Bool { TIFFIsTiled(tiff) != 0 }

  /// Whether numbers lie with their first byte last.
  var isSwapped: Bool { TIFFIsByteSwapped(tiff) != 0 }

  /// Reads the samples of the page at hand as they are stored, row by row.
  ///
  /// - Throws: Where the file ends, or a piece is broken; `number` counts pages for the message.
  func read(number: Int) throws(TesseraError) -> [UInt8] {
    let page = page
    let row = page.width * (page.type?.bytes ?? 1)
    var bytes = [UInt8](repeating: 0, count: row * page.height)
    let isRead = bytes.withUnsafeMutableBytes { target in
      isTiled ? readTiles(page, row, target) : readStrips(page, row, target)
    }
    if let damage, file.pointee.error == 0 {
      throw TesseraError(
        path, Self.action, "page \(number) cannot be read: \(damage); copy it again")
    }
    guard isRead, file.pointee.error == 0 else {
      throw TesseraError(
        path, Self.action,
        "page \(number) cannot be read: \(Self.message(file)); is the file complete?")
    }
    return bytes
  }

  private func readStrips(
    _ page: TIFFPage, _ row: Int, _ target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var rows: UInt32 = 0
    if ctiff_get_u32(tiff, UInt32(TIFFTAG_ROWSPERSTRIP), &rows) != 1 || rows == 0 { rows = .max }
    var (strip, y): (UInt32, Int) = (0, 0)
    while y < page.height {
      let count = min(Int(rows), page.height - y) * row
      guard let start = target.baseAddress?.advanced(by: y * row),
        TIFFReadEncodedStrip(tiff, strip, start, tmsize_t(count)) == count,
        isSound(strip, min(Int(rows), page.height) * row, count)
      else { return false }
      y += count / row
      strip += 1
    }
    return true
  }

  private func readTiles(
    _ page: TIFFPage, _ row: Int, _ target: UnsafeMutableRawBufferPointer
  ) -> Bool {
    var (width, height): (UInt32, UInt32) = (0, 0)
    let size = Int(TIFFTileSize(tiff))
    guard ctiff_get_u32(tiff, UInt32(TIFFTAG_TILEWIDTH), &width) == 1, width > 0,
      ctiff_get_u32(tiff, UInt32(TIFFTAG_TILELENGTH), &height) == 1, height > 0, size > 0,
      // Larger tiles are no honest file's.
      size < 1 << 30
    else { return false }
    let bytes = row / page.width
    var tile = [UInt8](repeating: 0, count: size)
    return tile.withUnsafeMutableBytes { tile in
      guard let source = tile.baseAddress, let target = target.baseAddress else { return false }
      var index: UInt32 = 0
      for top in stride(from: 0, to: page.height, by: Int(height)) {
        for left in stride(from: 0, to: page.width, by: Int(width)) {
          guard TIFFReadEncodedTile(tiff, index, source, tmsize_t(size)) == size,
            isSound(index, size, size)
          else { return false }
          let count = min(Int(width), page.width - left) * bytes
          for y in top..<min(top + Int(height), page.height) {
            (target + y * row + left * bytes).copyMemory(
              from: source + (y - top) * Int(width) * bytes, byteCount: count)
          }
          index += 1
        }
      }
      return true
    }
  }

  /// Whether a piece has no damage that libtiff passes over; it makes `count` bytes, which are less than
  /// `full` in the last strip.
  private func isSound(_ piece: UInt32, _ full: Int, _ count: Int) -> Bool {
    var compression: UInt16 = 1
    _ = ctiff_get_u16(tiff, UInt32(TIFFTAG_COMPRESSION), &compression)
    let (start, length) = (TIFFGetStrileOffset(tiff, piece), TIFFGetStrileByteCount(tiff, piece))
    let descriptor = file.pointee.descriptor
    switch Int32(compression) {
    case COMPRESSION_JPEG:
      var (count, tables): (UInt32, UnsafeRawPointer?) = (0, nil)
      _ = ctiff_get_bytes(tiff, UInt32(TIFFTAG_JPEGTABLES), &count, &tables)
      var found = cjpeg_damage()
      let status = cjpeg_find_damage(
        descriptor, start, length, tables?.assumingMemoryBound(to: UInt8.self), Int(count), &found)
      let text = withUnsafeBytes(of: found.text) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      damage = status == 0 ? nil : text
    case COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE:
      damage = ctiff_deflate_damage(descriptor, start, length, UInt64(count)).map {
        String(cString: $0)
      }
    case COMPRESSION_LZW:
      damage = ctiff_lzw_damage(descriptor, start, length, UInt64(full), UInt64(count)).map {
        String(cString: $0)
      }
    default: break
    }
    return damage == nil
  }

  private static func message(_ file: UnsafeMutablePointer<ctiff_file>) -> String {
    if file.pointee.error != 0 { return String(cString: strerror(file.pointee.error)) }
    let text = withUnsafeBytes(of: file.pointee.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return text.isEmpty
      ? "libtiff gives no reason" : text.split(separator: "\n").joined(separator: " ")
  }
}
