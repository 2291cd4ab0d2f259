internal import CTurboJPEG

/// One decoder of libjpeg-turbo for the tiles of a TIFF, whose tables may be stored apart.
final class JPEGTileDecoder: @unchecked Sendable {
  // Sendable: a decoder is used by one thread at a time, the one that took it from the pool.

  private let handle: tjhandle
  private var stream: [UInt8] = []

  init?() {
    guard let handle = tjInitDecompress() else { return nil }
    self.handle = handle
  }

  deinit { tjDestroy(handle) }

  /// How the three channels of the tiles are coded.
  enum Color {
    case gray
    case rgb
    case yCbCr
  }

  /// Decodes a tile of exactly `width` x `height` px into `output`, interleaved; returns what is
  /// wrong with it, or nil.
  func decode(
    _ tile: UnsafeRawBufferPointer, tables: [UInt8], color: Color, width: Int, height: Int,
    into output: UnsafeMutablePointer<UInt8>, bytesPerRow: Int
  ) -> String? {
    guard tile.count > 4, tile[0] == 0xFF, tile[1] == 0xD8 else { return "the tile is no JPEG" }
    stream.removeAll(keepingCapacity: true)
    stream.append(contentsOf: [0xFF, 0xD8])
    if color != .gray {
      // An Adobe marker says what the TIFF's photometric tag says: whether to convert from YCbCr.
      stream.append(contentsOf: [
        0xFF, 0xEE, 0, 14, 0x41, 0x64, 0x6F, 0x62, 0x65, 0, 100, 0, 0, 0, 0,
        color == .yCbCr ? 1 : 0,
      ])
    }
    if tables.count > 4 { stream.append(contentsOf: tables[2..<(tables.count - 2)]) }
    var start = 2
    if tile[2] == 0xFF, tile[3] == 0xE0, tile.count > 6 {
      // A JFIF marker would override the Adobe one.
      start += 2 + Int(tile[4]) << 8 + Int(tile[5])
    }
    guard start < tile.count else { return "the tile is truncated" }
    stream.append(contentsOf: tile[start...])

    return stream.withUnsafeBufferPointer { bytes in
      guard cjpeg_has_lost_stretch(bytes.baseAddress, bytes.count) == 0 else {
        return "a stretch of it is lost, zeros in its place"
      }
      var foundWidth: Int32 = 0
      var foundHeight: Int32 = 0
      var subsampling: Int32 = 0
      var space: Int32 = 0
      guard
        tjDecompressHeader3(
          handle, bytes.baseAddress, UInt(bytes.count), &foundWidth, &foundHeight, &subsampling,
          &space) == 0
      else { return message }
      guard foundWidth == width, foundHeight == height else {
        return "the tile is \(foundWidth) x \(foundHeight) px instead of \(width) x \(height)"
      }
      let format = color == .gray ? TJPF_GRAY : TJPF_RGB
      let status = tjDecompress2(
        handle, bytes.baseAddress, UInt(bytes.count), output, Int32(width), Int32(bytesPerRow),
        Int32(height), format.rawValue, 0)
      return status == 0 ? nil : message
    }
  }

  private var message: String { String(cString: tjGetErrorStr2(handle)) }
}
