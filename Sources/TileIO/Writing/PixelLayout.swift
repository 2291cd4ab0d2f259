internal import CTIFF
import TesseraPlugin

/// How a pixel of an output is made up.
struct PixelLayout: Sendable {
  let channels: Int
  let hasAlpha: Bool
  let color: ImageInfo.Color
  let format: SampleFormat

  init(_ info: ImageInfo) {
    channels = info.channels
    hasAlpha = info.hasAlpha
    color = info.color
    format = info.sampleFormat
  }

  var bytesPerPixel: Int { channels * format.bytes }

  /// Channels that a reader can name: three for RGB, else one.
  private var namedChannels: Int { color == .rgb ? 3 : 1 }

  /// Tells libtiff the size and make-up of an image, photometric interpretation included.
  func setTags(of tiff: OpaquePointer?, width: Int, height: Int) {
    _ = ctiff_set_u32(tiff, UInt32(TIFFTAG_IMAGEWIDTH), UInt32(width))
    _ = ctiff_set_u32(tiff, UInt32(TIFFTAG_IMAGELENGTH), UInt32(height))
    _ = ctiff_set_u16(tiff, UInt32(TIFFTAG_SAMPLESPERPIXEL), UInt16(channels))
    _ = ctiff_set_u16(tiff, UInt32(TIFFTAG_BITSPERSAMPLE), UInt16(8 * format.bytes))
    _ = ctiff_set_u16(
      tiff, UInt32(TIFFTAG_SAMPLEFORMAT),
      UInt16(format == .float32 ? SAMPLEFORMAT_IEEEFP : SAMPLEFORMAT_UINT))
    _ = ctiff_set_u16(tiff, UInt32(TIFFTAG_PLANARCONFIG), UInt16(PLANARCONFIG_CONTIG))
    _ = ctiff_set_u16(tiff, UInt32(TIFFTAG_ORIENTATION), UInt16(ORIENTATION_TOPLEFT))
    _ = ctiff_set_u16(
      tiff, UInt32(TIFFTAG_PHOTOMETRIC),
      UInt16(color == .rgb ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK))
    guard channels > namedChannels else { return }
    var extra = [UInt16](
      repeating: UInt16(EXTRASAMPLE_UNSPECIFIED), count: channels - namedChannels)
    if hasAlpha { extra[extra.count - 1] = UInt16(EXTRASAMPLE_UNASSALPHA) }
    _ = ctiff_set_u16_array(tiff, UInt32(TIFFTAG_EXTRASAMPLES), UInt16(extra.count), extra)
  }
}
