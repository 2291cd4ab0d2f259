internal import CTIFF
import TesseraPlugin

/// One image file directory of a TIFF: how its pixels are stored.
struct TIFFDirectory: Sendable {
  let width: Int
  let height: Int
  /// Size of a tile; nil where the pixels are in strips.
  let tile: ImageInfo.Level?
  let compression: Int
  let photometric: Int
  let bitsPerSample: Int
  let samplesPerPixel: Int
  /// How its samples are delivered as they are; nil for others than 8 and 16 bits and 32-bit floats.
  let sampleFormat: SampleFormat?
  let isPlanar: Bool
  let isReduced: Bool
  let orientation: Int
  let isBig: Bool
  /// Whether the last of its samples is said to be neither a color nor alpha.
  let endsInData: Bool
  /// Whether the last of its samples is said to be alpha.
  let endsInAlpha: Bool
  /// The text of its description; empty for none.
  let description: String
  /// The resolution tags: numbers, and the unit that they are of.
  let resolution: (x: Double, y: Double, unit: Int)?
  /// Sizes of the SubIFDs that hold smaller versions of this image.
  let reducedSubIFDs: [ImageInfo.Level]

  /// What the resolution tags say of a length.
  var statedResolution: StatedResolution? {
    resolution.flatMap { StatedResolution($0.x, $0.y, unit: $0.unit) }
  }

  /// JPEG, old JPEG, JPEG 2000 in its Aperio and other variants, WebP.
  var isLossy: Bool { [6, 7, 33003, 33004, 33005, 34712, 50001].contains(compression) }

  /// The directories of a file, as far as libtiff can follow them; empty if it is no TIFF.
  static func all(in path: String) -> [TIFFDirectory] {
    ctiff_silence()
    guard let tiff = TIFFOpen(path, "rm") else { return [] }
    defer { TIFFClose(tiff) }
    var directories: [TIFFDirectory] = []
    repeat {
      let index = TIFFCurrentDirectory(tiff)
      var directory = TIFFDirectory(current: tiff, reducedSubIFDs: [])
      let offsets = subIFDOffsets(tiff)
      if !offsets.isEmpty {
        var sizes: [ImageInfo.Level] = []
        for offset in offsets where TIFFSetSubDirectory(tiff, offset) == 1 {
          let sub = TIFFDirectory(current: tiff, reducedSubIFDs: [])
          sizes.append(ImageInfo.Level(width: sub.width, height: sub.height))
        }
        guard TIFFSetDirectory(tiff, index) == 1 else { return directories }
        if TIFFDirectory.isPyramid(directory, sizes) {
          directory = TIFFDirectory(current: tiff, reducedSubIFDs: sizes)
        }
      }
      directories.append(directory)
    } while directories.count < 1000 && TIFFReadDirectory(tiff) == 1
    return directories
  }

  /// The directory that libtiff has read last.
  static func current(of tiff: OpaquePointer) -> TIFFDirectory? {
    TIFFDirectory(current: tiff, reducedSubIFDs: [])
  }

  /// The ICC profile of the first directory, if the file is a TIFF and has one.
  static func iccProfile(in path: String) -> [UInt8]? {
    ctiff_silence()
    guard let tiff = TIFFOpen(path, "rm") else { return nil }
    defer { TIFFClose(tiff) }
    let profile = bytes(TIFFTAG_ICCPROFILE, of: tiff)
    return profile.isEmpty ? nil : profile
  }

  /// The tables that all JPEG pieces of the directory share, a stream of their own; empty for none.
  static func jpegTables(of tiff: OpaquePointer) -> [UInt8] { bytes(TIFFTAG_JPEGTABLES, of: tiff) }

  /// Rows in a strip of the directory; the largest number for all of them.
  static func rowsPerStrip(of tiff: OpaquePointer) -> Int {
    var rows = UInt32.max
    return ctiff_get_u32(tiff, UInt32(TIFFTAG_ROWSPERSTRIP), &rows) == 1 ? Int(rows) : .max
  }

  /// The directory that holds a level of `size`; nil where none does.
  static func find(_ level: VipsLevel, size: ImageInfo.Level) -> TIFFDirectory? {
    ctiff_silence()
    guard let tiff = TIFFOpen(level.path, "rm") else { return nil }
    defer { TIFFClose(tiff) }
    return select(level, size: size, of: tiff)
  }

  /// Where the smaller versions of the image of a page lie, and their sizes.
  static func smallerLevels(
    _ directories: [TIFFDirectory], page: Int, path: String, loader: String
  ) -> [(level: VipsLevel, size: ImageInfo.Level)] {
    guard directories.indices.contains(page) else { return [] }
    var kinds: [(VipsLevel.Kind, ImageInfo.Level)] =
      directories[page].reducedSubIFDs.enumerated().map { (.subIFD($0, page: page), $1) }
    if kinds.isEmpty, page == 0 {
      kinds = pyramidPages(directories).map {
        (.page($0), ImageInfo.Level(width: directories[$0].width, height: directories[$0].height))
      }
    }
    return kinds.map { (VipsLevel(path: path, loader: loader, kind: $0), $1) }
  }

  /// Goes to the directory that holds a level of `size`; nil where none does.
  static func select(
    _ level: VipsLevel, size: ImageInfo.Level, of tiff: OpaquePointer
  ) -> TIFFDirectory? {
    switch level.kind {
    case .first(let page) where !level.isSlide, .page(let page):
      guard let page = UInt32(exactly: page), TIFFSetDirectory(tiff, page) == 1 else { return nil }
    case .subIFD(let index, let page):
      guard let page = UInt32(exactly: page), TIFFSetDirectory(tiff, page) == 1 else { return nil }
      let offsets = subIFDOffsets(tiff)
      guard offsets.indices.contains(index), TIFFSetSubDirectory(tiff, offsets[index]) == 1 else {
        return nil
      }
    case .first, .slideLevel:
      // Places in the strips of an NDPI file of 4 GB or more are not what libtiff makes of them.
      let isLarge = TIFFGetSizeProc(tiff)?(TIFFClientdata(tiff)) ?? .max > UInt32.max
      repeat {
        let found = TIFFDirectory(current: tiff, reducedSubIFDs: [])
        if found.width == size.width, found.height == size.height, found.tile != nil || !isLarge {
          return found
        }
      } while TIFFReadDirectory(tiff) == 1
      return nil
    }
    return TIFFDirectory(current: tiff, reducedSubIFDs: [])
  }

  private static func bytes(_ tag: Int32, of tiff: OpaquePointer) -> [UInt8] {
    var count: UInt32 = 0
    var bytes: UnsafeRawPointer?
    guard ctiff_get_bytes(tiff, UInt32(tag), &count, &bytes) == 1, let bytes else { return [] }
    return Array(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
  }

  /// Where the SubIFDs of the directory lie that libtiff has read last.
  static func subIFDOffsets(_ tiff: OpaquePointer) -> [UInt64] {
    var count: UInt16 = 0
    var values: UnsafePointer<UInt64>?
    guard ctiff_get_offsets(tiff, UInt32(TIFFTAG_SUBIFD), &count, &values) == 1, let values else {
      return []
    }
    return Array(UnsafeBufferPointer(start: values, count: Int(count)))
  }

  private static func isPyramid(_ first: TIFFDirectory, _ sizes: [ImageInfo.Level]) -> Bool {
    var last = ImageInfo.Level(width: first.width, height: first.height)
    for size in sizes {
      guard size.width > 0, size.height > 0, size.width < last.width || size.height < last.height,
        isSameShape(size, as: first)
      else { return false }
      last = size
    }
    return true
  }

  /// The pages after the first that are smaller versions of it, in order.
  static func pyramidPages(_ directories: [TIFFDirectory]) -> [Int] {
    guard let first = directories.first else { return [] }
    var pages: [Int] = []
    var last = first
    for (index, page) in directories.enumerated().dropFirst() {
      guard page.tile != nil, page.width < last.width || page.height < last.height,
        page.samplesPerPixel == first.samplesPerPixel, page.bitsPerSample == first.bitsPerSample,
        isSameShape(ImageInfo.Level(width: page.width, height: page.height), as: first)
      else { continue }
      pages.append(index)
      last = page
    }
    return pages
  }

  /// Whether `size` is the first directory's image reduced, give or take the rounding of a side.
  private static func isSameShape(_ size: ImageInfo.Level, as first: TIFFDirectory) -> Bool {
    guard size.width > 0, size.height > 0 else { return false }
    let downsample = Double(first.width) / Double(size.width)
    return abs(Double(first.height) / downsample - Double(size.height)) <= 2
  }

  private init(current tiff: OpaquePointer, reducedSubIFDs: [ImageInfo.Level]) {
    func short(_ tag: Int32, _ missing: UInt16 = 0) -> Int {
      var value = missing
      return ctiff_get_u16(tiff, UInt32(tag), &value) == 1 ? Int(value) : Int(missing)
    }
    func long(_ tag: Int32) -> Int {
      var value: UInt32 = 0
      return ctiff_get_u32(tiff, UInt32(tag), &value) == 1 ? Int(value) : 0
    }
    width = long(TIFFTAG_IMAGEWIDTH)
    height = long(TIFFTAG_IMAGELENGTH)
    tile =
      TIFFIsTiled(tiff) != 0
      ? ImageInfo.Level(width: long(TIFFTAG_TILEWIDTH), height: long(TIFFTAG_TILELENGTH)) : nil
    compression = short(TIFFTAG_COMPRESSION, 1)
    photometric = short(TIFFTAG_PHOTOMETRIC)
    bitsPerSample = short(TIFFTAG_BITSPERSAMPLE, 1)
    samplesPerPixel = short(TIFFTAG_SAMPLESPERPIXEL, 1)
    isPlanar = short(TIFFTAG_PLANARCONFIG, 1) == PLANARCONFIG_SEPARATE
    isReduced = long(TIFFTAG_SUBFILETYPE) & Int(FILETYPE_REDUCEDIMAGE) != 0
    orientation = short(TIFFTAG_ORIENTATION, 1)
    isBig = TIFFIsBigTIFF(tiff) != 0
    var count: UInt16 = 0
    var kinds: UnsafePointer<UInt16>?
    let last =
      ctiff_get_u16_array(tiff, UInt32(TIFFTAG_EXTRASAMPLES), &count, &kinds) == 1 && count > 0
      ? kinds.map { Int32($0[Int(count) - 1]) } : nil
    endsInData = last == EXTRASAMPLE_UNSPECIFIED
    endsInAlpha = last == EXTRASAMPLE_ASSOCALPHA || last == EXTRASAMPLE_UNASSALPHA
    sampleFormat =
      switch (bitsPerSample, Int32(short(TIFFTAG_SAMPLEFORMAT, UInt16(SAMPLEFORMAT_UINT)))) {
      case (8, SAMPLEFORMAT_UINT): .uint8
      case (16, SAMPLEFORMAT_UINT): .uint16
      case (32, SAMPLEFORMAT_IEEEFP): .float32
      default: nil
      }
    var text: UnsafePointer<CChar>?
    description =
      ctiff_get_string(tiff, UInt32(TIFFTAG_IMAGEDESCRIPTION), &text) == 1
      ? text.map { String(cString: $0) } ?? "" : ""
    func float(_ tag: Int32) -> Double? {
      var value: Float = 0
      return ctiff_get_float(tiff, UInt32(tag), &value) == 1 ? Double(value) : nil
    }
    let unit = short(TIFFTAG_RESOLUTIONUNIT, 2)
    resolution = float(TIFFTAG_XRESOLUTION).flatMap { x in
      float(TIFFTAG_YRESOLUTION).map { (x, $0, unit) }
    }
    self.reducedSubIFDs = reducedSubIFDs
  }
}
