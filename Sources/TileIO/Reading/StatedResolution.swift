import Foundation

/// The resolution that a file states, in pixels a millimeter.
///
/// libvips fills in 72 dpi where a PNG or a JPEG file states none, and takes a number without a unit for
/// millimeters, so the tags are read here.
struct StatedResolution: Sendable, Hashable {
  let x: Double
  let y: Double

  /// The coarsest pixel that is taken for a microscope's: 5 µm are 5080 dpi, more than paper and film
  /// are printed and scanned at.
  static let coarsestMicrons = 5.0

  /// Nil unless both are usable numbers.
  init?(_ x: Double, _ y: Double) {
    guard x.isFinite, y.isFinite, x > 0, y > 0 else { return nil }
    self.x = x
    self.y = y
  }

  /// Numbers with the unit of TIFF and EXIF: 2 is an inch, 3 a centimeter, anything else no length.
  init?(_ x: Double, _ y: Double, unit: Int) {
    switch unit {
    case 2: self.init(x / 25.4, y / 25.4)
    // 10 px/cm is what libvips writes for 'not given'.
    case 3 where x != 10 || y != 10: self.init(x / 10, y / 10)
    default: return nil
    }
  }

  /// The resolution in a block of EXIF.
  init?(exif block: [UInt8]) {
    guard let tags = EXIFTags(block), let x = tags.ratio(EXIFTags.resolution[0]),
      let y = tags.ratio(EXIFTags.resolution[1])
    else { return nil }
    self.init(x, y, unit: tags.short(EXIFTags.resolution[2]) ?? 2)
  }

  /// The density in the JFIF header of a JPEG file.
  init?(jfif path: String) {
    guard let file = FileHandle(forReadingAtPath: path),
      let header = JPEGSegments(file).first(0xE0, "JFIF\0", in: file),
      let bytes = file.bytes(at: header.place + 7, count: 5), bytes.count == 5
    else { return nil }
    let x = Int(bytes[1]) << 8 + Int(bytes[2])
    let y = Int(bytes[3]) << 8 + Int(bytes[4])
    // A density of one is a ratio of the sides whatever unit goes with it.
    guard bytes[0] > 0, x != 1 || y != 1 else { return nil }
    self.init(Double(x), Double(y), unit: Int(bytes[0]) + 1)
  }

  /// The physical dimensions in a PNG file.
  init?(png path: String) {
    guard let density = try? PNGRows(path).pixelsPerMeter else { return nil }
    self.init(Double(density.x) / 1000, Double(density.y) / 1000)
  }

  /// µm a pixel, where they are a microscope's.
  var microns: (x: Double, y: Double)? {
    max(1 / x, 1 / y) * 1000 <= Self.coarsestMicrons ? (1000 / x, 1000 / y) : nil
  }
}
