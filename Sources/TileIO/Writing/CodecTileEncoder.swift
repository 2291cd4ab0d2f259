import Base
internal import CTIFF
import TesseraPlugin

/// Compresses tiles with a codec and predictor of libtiff, by writing them to a TIFF that only
/// exists in memory.
final class CodecTileEncoder: TileEncoder {
  // Every tile is a new one for libtiff: rewriting one would make it read the old bytes back.
  private static let tilesPerImage = 4096

  private let path: String
  private let layout: PixelLayout
  private let scheme: TIFFCompression
  private let side: Int
  private let capture: UnsafeMutablePointer<ctiff_capture>
  private let buffer: UnsafeMutablePointer<UInt8>
  private let tile: UnsafeMutableRawPointer
  private var tiff: OpaquePointer?
  private var next = 0

  /// Prepares for tiles of `side` x `side` px.
  init(
    path: String, side: Int, layout: PixelLayout, scheme: TIFFCompression
  ) throws(TesseraError) {
    self.path = path
    self.side = side
    self.layout = layout
    self.scheme = scheme
    let bytes = side * side * layout.bytesPerPixel
    // LZW may double what it cannot compress.
    let capacity = 2 * bytes + 65536
    buffer = .allocate(capacity: capacity)
    tile = .allocate(byteCount: bytes, alignment: 64)
    capture = .allocate(capacity: 1)
    capture.initialize(to: ctiff_capture())
    capture.pointee.bytes = buffer
    capture.pointee.capacity = capacity
    try open()
  }

  deinit {
    close()
    capture.deallocate()
    tile.deallocate()
    buffer.deallocate()
  }

  func encode(
    _ pixels: UnsafeRawPointer, bytesPerRow: Int, into result: EncodedTile
  ) throws(TesseraError) {
    if next == Self.tilesPerImage { try open() }
    // The predictor works in place.
    let rowBytes = side * layout.bytesPerPixel
    for row in 0..<side {
      (tile + row * rowBytes).copyMemory(from: pixels + row * bytesPerRow, byteCount: rowBytes)
    }
    capture.pointee.count = 0
    guard TIFFWriteEncodedTile(tiff, UInt32(next), tile, tmsize_t(side * rowBytes)) >= 0 else {
      throw failure()
    }
    next += 1
    let count = capture.pointee.count
    if scheme.method == .zstd {
      appendFrame(count, size: side * rowBytes, to: result)
    } else {
      result.append(buffer, count: count)
    }
  }

  /// Appends a Zstandard frame with the size of its content in its header: libtiff leaves that out, and
  /// Bio-Formats does not read such a frame.
  private func appendFrame(_ count: Int, size: Int, to result: EncodedTile) {
    // RFC 8878: four bytes of magic number, the descriptor, the window. This descriptor says that
    // neither a size nor the number of a dictionary follows.
    guard count > 6, buffer[4] & 0b1110_0011 == 0 else {
      return result.append(buffer, count: count)
    }
    var header = (0..<6).map { buffer[$0] }
    header[4] |= 0b1000_0000
    header += (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
    result.append(header, count: header.count)
    result.append(buffer + 6, count: count - 6)
  }

  private func open() throws(TesseraError) {
    close()
    next = 0
    capture.pointee.position = 0
    capture.pointee.end = 0
    capture.pointee.count = 0
    capture.pointee.is_closing = 0
    tiff = ctiff_open_capture(capture)
    guard tiff != nil else { throw failure() }
    layout.setTags(of: tiff, width: side, height: side * Self.tilesPerImage)
    scheme.setTags(of: tiff, layout: layout)
    _ = ctiff_set_u32(tiff, UInt32(TIFFTAG_TILEWIDTH), UInt32(side))
    _ = ctiff_set_u32(tiff, UInt32(TIFFTAG_TILELENGTH), UInt32(side))
    // One buffer that takes any tile whole, so that a tile is written in one go.
    guard
      TIFFWriteBufferSetup(tiff, nil, tmsize_t(2 * side * side * layout.bytesPerPixel + 32768)) != 0
    else { throw failure() }
  }

  private func close() {
    guard let tiff else { return }
    capture.pointee.is_closing = 1
    TIFFCleanup(tiff)
    self.tiff = nil
  }

  private func failure() -> TesseraError {
    let message = withUnsafeBytes(of: capture.pointee.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return TesseraError(
      path, "compressing a tile", message.isEmpty ? "libtiff could not do it" : message)
  }
}
