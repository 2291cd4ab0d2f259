internal import CTIFF

/// What one page of a TIFF says of its samples.
struct TIFFPage: Sendable, Hashable {
  var width: Int
  var height: Int
  /// How samples are stored; nil where that is none that a volume has.
  var type: SampleType?
  var samplesPerPixel: Int
  /// Whether 0 is black and there are no colors.
  var isGray: Bool
  /// Whether it is a smaller version of another page, a mask, or has smaller versions itself.
  var isPyramid: Bool
  var orientation: Int

  /// The page that libtiff has read last.
  init(current tiff: OpaquePointer) {
    func short(_ tag: Int32, _ missing: UInt16) -> Int {
      var value = missing
      return ctiff_get_u16(tiff, UInt32(tag), &value) == 1 ? Int(value) : Int(missing)
    }
    func long(_ tag: Int32) -> Int {
      var value: UInt32 = 0
      return ctiff_get_u32(tiff, UInt32(tag), &value) == 1 ? Int(value) : 0
    }
    width = long(TIFFTAG_IMAGEWIDTH)
    height = long(TIFFTAG_IMAGELENGTH)
    samplesPerPixel = short(TIFFTAG_SAMPLESPERPIXEL, 1)
    isGray = short(TIFFTAG_PHOTOMETRIC, 1) == PHOTOMETRIC_MINISBLACK
    type = Self.type(short(TIFFTAG_BITSPERSAMPLE, 1), short(TIFFTAG_SAMPLEFORMAT, 1))
    var count: UInt16 = 0
    var offsets: UnsafePointer<UInt64>?
    isPyramid =
      long(TIFFTAG_SUBFILETYPE) & Int(FILETYPE_REDUCEDIMAGE | FILETYPE_MASK) != 0
      || ctiff_get_offsets(tiff, UInt32(TIFFTAG_SUBIFD), &count, &offsets) == 1 && count > 0
    orientation = short(TIFFTAG_ORIENTATION, 1)
  }

  private static func type(_ bits: Int, _ format: Int) -> SampleType? {
    switch (Int32(format), bits) {
    case (SAMPLEFORMAT_UINT, 8), (SAMPLEFORMAT_VOID, 8): .uint8
    case (SAMPLEFORMAT_UINT, 16), (SAMPLEFORMAT_VOID, 16): .uint16
    case (SAMPLEFORMAT_UINT, 32), (SAMPLEFORMAT_VOID, 32): .uint32
    case (SAMPLEFORMAT_INT, 8): .int8
    case (SAMPLEFORMAT_INT, 16): .int16
    case (SAMPLEFORMAT_INT, 32): .int32
    case (SAMPLEFORMAT_IEEEFP, 32): .float32
    default: nil
    }
  }

  /// Why a volume has no slice like this; nil where it may have.
  var reason: String? {
    if samplesPerPixel != 1 { return "it has \(samplesPerPixel) samples a pixel, as colours have" }
    if !isGray { return "it is not grey, or stores white as 0" }
    if isPyramid { return "it is a level of a pyramid" }
    if type == nil { return "its samples are not of 8, 16 or 32 bits" }
    if orientation != 1 { return "it is turned (orientation \(orientation))" }
    if width < 1 || height < 1 { return "it has no pixels" }
    return nil
  }
}
