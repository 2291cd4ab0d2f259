import Base
internal import CVips
import TesseraPlugin

/// One reference to an image of libvips, which evaluates lazily.
final class VipsImage: @unchecked Sendable {
  // Sendable: libvips allows any number of threads to read from one image, each through a region
  // of its own, and the pointer itself never changes.

  let pointer: UnsafeMutablePointer<CVips.VipsImage>

  /// Takes over a reference.
  private init(owning pointer: UnsafeMutablePointer<CVips.VipsImage>) { self.pointer = pointer }

  deinit { cvips_unref(pointer) }

  typealias Operation = (inout UnsafeMutablePointer<CVips.VipsImage>?) -> Int32

  /// Runs an operation that leaves its result in an out parameter.
  static func make(
    _ path: String, _ action: String, _ operation: Operation
  ) throws(TesseraError) -> VipsImage {
    var result: UnsafeMutablePointer<CVips.VipsImage>?
    guard operation(&result) == 0, let result else {
      throw TesseraError(path, action, VipsLibrary.takeError())
    }
    return VipsImage(owning: result)
  }

  /// An image made from this one; libvips keeps the input alive for as long as it is needed.
  func map(
    _ path: String, _ action: String,
    _ operation: (
      UnsafeMutablePointer<CVips.VipsImage>, inout UnsafeMutablePointer<CVips.VipsImage>?
    ) -> Int32
  ) throws(TesseraError) -> VipsImage {
    try VipsImage.make(path, action) { operation(pointer, &$0) }
  }

  var width: Int { Int(vips_image_get_width(pointer)) }
  var height: Int { Int(vips_image_get_height(pointer)) }
  var bands: Int { Int(vips_image_get_bands(pointer)) }
  var bandFormat: VipsBandFormat { vips_image_get_format(pointer) }
  var interpretation: VipsInterpretation { vips_image_get_interpretation(pointer) }
  var hasAlpha: Bool {
    // The library takes the last of any number of gray channels for alpha; of three slices or stains
    // none is.
    let isGray =
      interpretation == VIPS_INTERPRETATION_B_W || interpretation == VIPS_INTERPRETATION_GREY16
    return vips_image_hasalpha(pointer) != 0 && !(isGray && bands > 2)
  }

  func text(_ field: String) -> String? {
    guard vips_image_get_typeof(pointer, field) != 0 else { return nil }
    var value: UnsafeMutablePointer<CChar>?
    guard vips_image_get_as_string(pointer, field, &value) == 0, let value else {
      vips_error_clear()
      return nil
    }
    defer { g_free(value) }
    return String(cString: value)
  }

  func number(_ field: String) -> Double? { text(field).flatMap(Double.init) }

  func blob(_ field: String) -> [UInt8]? {
    guard vips_image_get_typeof(pointer, field) != 0 else { return nil }
    var bytes: UnsafeRawPointer?
    var count = 0
    guard vips_image_get_blob(pointer, field, &bytes, &count) == 0, let bytes else {
      vips_error_clear()
      return nil
    }
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// Evaluates the whole image, on all threads of libvips.
  func wholeTile(
    channels: Int, format: SampleFormat, path: String
  ) throws(TesseraError) -> Tile {
    precondition(channels == bands, "\(channels) channels of an image with \(bands)")
    var size = 0
    guard let memory = vips_image_write_to_memory(pointer, &size) else {
      throw TesseraError(path, "reading the overview", VipsLibrary.takeError())
    }
    defer { g_free(memory) }
    var tile = Tile(
      region: PixelRegion(x: 0, y: 0, width: width, height: height), channels: channels,
      format: format)
    precondition(size == tile.bytesPerRow * height, "\(size) bytes for \(tile.region)")
    tile.withUnsafeMutableBytes { $0.copyMemory(from: memory, byteCount: size) }
    return tile
  }

  /// Copies the pixels of the tile's region out of the image.
  func read(into tile: inout Tile, path: String) throws(TesseraError) {
    let region = tile.region
    guard let reader = vips_region_new(pointer) else {
      throw TesseraError(path, "reading pixels", VipsLibrary.takeError())
    }
    defer { cvips_unref(reader) }
    var rectangle = VipsRect(
      left: Int32(region.x), top: Int32(region.y), width: Int32(region.width),
      height: Int32(region.height))
    guard vips_region_prepare(reader, &rectangle) == 0 else {
      throw TesseraError(
        path, "reading rows \(region.y) to \(region.y + region.height - 1)", VipsLibrary.takeError()
      )
    }
    let bytesPerRow = tile.bytesPerRow
    let count = region.width * tile.channels * tile.format.bytes
    tile.withUnsafeMutableBytes { base in
      for row in 0..<region.height {
        guard
          let source = cvips_region_address(
            reader, Int32(region.x), Int32(region.y + row))
        else { continue }
        (base + row * bytesPerRow).copyMemory(from: source, byteCount: count)
      }
    }
  }
}
