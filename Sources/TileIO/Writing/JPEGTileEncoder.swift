import Base
internal import CTurboJPEG
import TesseraPlugin

/// Compresses tiles to JPEG streams without their tables, which ``tables`` holds once for all, or each
/// with its own.
final class JPEGTileEncoder: TileEncoder {
  /// From quality 90 on color is kept at full resolution, as libvips does.
  ///
  /// As RGB, not as YCbCr: Bio-Formats converts YCbCr that is not subsampled a second time, and
  /// shows it magenta.
  static func coding(channels: Int, quality: Int) -> JPEGCoding {
    channels == 1 ? .gray : quality >= 90 ? .rgb : .yCbCr(isHalvedDown: true)
  }

  /// The value of the tag JPEGTables.
  let tables: [UInt8]

  private let path: String
  private let hasOwnTables: Bool
  private let encoder: UnsafeMutablePointer<cjpeg_encoder>

  /// Prepares for tiles of `width` x `height` px.
  init(
    path: String, width: Int, height: Int, compression: TIFFCompression
  ) throws(TesseraError) {
    let coding =
      switch compression.coding {
      case .gray: CJPEG_GREY
      case .rgb: CJPEG_RGB
      case .yCbCr(let isHalvedDown): isHalvedDown ? CJPEG_YCBCR_420 : CJPEG_YCBCR_422
      }
    let quality = compression.quality
    hasOwnTables = compression.hasTablesInTiles
    guard
      let encoder = cjpeg_open_encoder(UInt32(width), UInt32(height), Int32(coding), Int32(quality))
    else {
      throw TesseraError(path, "compressing tiles", "the JPEG encoder could not be started")
    }
    let count = cjpeg_write_tables(encoder)
    tables = Array(UnsafeBufferPointer(start: cjpeg_encoded(encoder), count: count))
    self.path = path
    self.encoder = encoder
    guard count > 0 else { throw failure() }
  }

  deinit { cjpeg_close_encoder(encoder) }

  func encode(
    _ pixels: UnsafeRawPointer, bytesPerRow: Int, into tile: EncodedTile
  ) throws(TesseraError) {
    let count = cjpeg_compress(
      encoder, pixels.assumingMemoryBound(to: UInt8.self), bytesPerRow, hasOwnTables ? 1 : 0)
    guard count > 0, let bytes = cjpeg_encoded(encoder) else { throw failure() }
    tile.append(bytes, count: count)
  }

  private func failure() -> TesseraError {
    TesseraError(path, "compressing a tile", String(cString: cjpeg_encoder_text(encoder)))
  }
}
