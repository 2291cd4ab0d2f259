import Base
internal import COpenSlide
import TesseraPlugin

/// A slide that OpenSlide has opened.
final class OpenSlideFile: @unchecked Sendable {
  // Sendable: OpenSlide lets any number of threads read from one slide, and the pointer itself never
  // changes.

  /// One stored resolution.
  struct Level: Sendable {
    var size: ImageInfo.Level
    var downsample: Double
    var tile: ImageInfo.Level?
  }

  let path: String
  let levels: [Level]
  private let library: OpenSlideLibrary
  private let slide: OpaquePointer
  private let background: (UInt8, UInt8, UInt8)

  /// Opens a file that the library recognizes.
  init(_ path: String, _ library: OpenSlideLibrary) throws(TesseraError) {
    guard let slide = library.call.open(path) else {
      throw TesseraError(path, "opening", "OpenSlide does not recognize it; copy it again")
    }
    self.path = path
    self.library = library
    self.slide = slide
    let count = library.call.get_level_count(slide)
    levels = (0..<max(0, count)).compactMap { Self.level($0, of: slide, library) }
    let color = Self.property("openslide.background-color", of: slide, library)
    let rgb = color.flatMap { UInt32($0, radix: 16) } ?? 0xFF_FFFF
    background = (
      UInt8(truncatingIfNeeded: rgb >> 16), UInt8(truncatingIfNeeded: rgb >> 8),
      UInt8(truncatingIfNeeded: rgb)
    )
    try check("opening")
    guard !levels.isEmpty, levels.count == Int(count) else {
      throw TesseraError(path, "opening", "a level has no pixels; the file is damaged")
    }
  }

  deinit { library.call.close(slide) }

  func property(_ name: String) -> String? { Self.property(name, of: slide, library) }

  /// A property that is a number above 0.
  func number(_ name: String) -> Double? {
    property(name).flatMap(Double.init).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }

  var iccProfile: [UInt8]? {
    let count = library.call.get_icc_profile_size(slide)
    guard count > 0, count < 1 << 26 else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    library.call.read_icc_profile(slide, &bytes)
    return library.call.get_error(slide) == nil ? bytes : nil
  }

  /// Fills a tile of RGB from a level; what was never scanned has the background of the slide.
  func read(_ level: Int, into tile: inout Tile) throws(TesseraError) {
    let region = tile.region
    let stored = levels[level]
    // Blocks end where stored tiles do, which are then decoded once.
    func end(after start: Int, tile: Int?, limit: Int) -> Int {
      let side = tile ?? 512
      let block = side * max(1, 2048 / side)
      return min((start / block + 1) * block, limit)
    }
    var pixels: [UInt32] = []
    var y = region.y
    while y < region.rows.upperBound {
      let bottom = end(after: y, tile: stored.tile?.height, limit: region.rows.upperBound)
      var x = region.x
      while x < region.columns.upperBound {
        let right = end(after: x, tile: stored.tile?.width, limit: region.columns.upperBound)
        let block = PixelRegion(x: x, y: y, width: right - x, height: bottom - y)
        if pixels.count < block.area {
          pixels = [UInt32](repeating: 0, count: block.area)
        }
        library.call.read_region(
          slide, &pixels, Int64(saturating: (Double(x) * stored.downsample).rounded()),
          Int64(saturating: (Double(y) * stored.downsample).rounded()), Int32(level),
          Int64(block.width), Int64(block.height))
        try check("reading rows \(y) to \(bottom - 1)")
        put(pixels, block, into: &tile)
        x = right
      }
      y = bottom
    }
  }

  /// Writes ARGB, colors multiplied by alpha, as RGB.
  private func put(_ pixels: [UInt32], _ block: PixelRegion, into tile: inout Tile) {
    for row in block.rows {
      tile.withMutableRow(row, columns: block.columns, as: UInt8.self) { samples in
        var (source, target) = ((row - block.y) * block.width, 0)
        for _ in 0..<block.width {
          let pixel = pixels[source]
          let alpha = pixel >> 24
          if alpha == 255 {
            samples[target] = UInt8(truncatingIfNeeded: pixel >> 16)
            samples[target + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
            samples[target + 2] = UInt8(truncatingIfNeeded: pixel)
          } else if alpha == 0 {
            (samples[target], samples[target + 1], samples[target + 2]) = background
          } else {
            for channel in 0..<3 {
              let color = pixel >> UInt32(16 - 8 * channel) & 255
              samples[target + channel] = UInt8(clamping: 255 * color / alpha)
            }
          }
          source += 1
          target += 3
        }
      }
    }
  }

  /// Throws what OpenSlide says has gone wrong, since when it reads no more of the slide.
  private func check(_ action: String) throws(TesseraError) {
    guard let message = library.call.get_error(slide) else { return }
    throw TesseraError(
      path, action,
      quoting:
        "OpenSlide: \(String(cString: message)); the file is damaged or of an unsupported kind")
  }

  private static func property(
    _ name: String, of slide: OpaquePointer, _ library: OpenSlideLibrary
  ) -> String? {
    library.call.get_property_value(slide, name).map { String(cString: $0) }
  }

  private static func level(
    _ index: Int32, of slide: OpaquePointer, _ library: OpenSlideLibrary
  ) -> Level? {
    var (width, height): (Int64, Int64) = (0, 0)
    library.call.get_level_dimensions(slide, index, &width, &height)
    let downsample = library.call.get_level_downsample(slide, index)
    guard width > 0, height > 0, downsample >= 1, downsample.isFinite else { return nil }
    func side(_ name: String) -> Int? {
      property("openslide.level[\(index)].tile-\(name)", of: slide, library).flatMap(Int.init)
        .flatMap { (1...65536).contains($0) ? $0 : nil }
    }
    var level = Level(
      size: .init(width: Int(width), height: Int(height)), downsample: downsample)
    if let width = side("width"), let height = side("height") {
      level.tile = .init(width: width, height: height)
    }
    return level
  }
}
