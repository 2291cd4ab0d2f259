import Base
internal import CVips
import TesseraPlugin

/// Runs a saver of libvips on a thread of its own, over rows from a queue.
final class StripSaver: Sendable {
  private let queue: StripQueue
  /// Ends with why it failed, if it did.
  private let thread: BackgroundThread<String?>

  /// Starts saving to `path`; libvips has been started before.
  init(path: String, info: ImageInfo, quality: Int?) {
    let queue = StripQueue(bytesPerRow: info.width * info.channels * info.sampleFormat.bytes)
    self.queue = queue
    thread = BackgroundThread("saver") {
      let failure = Self.save(to: path, info: info, quality: quality, from: queue)
      queue.close()
      vips_thread_shutdown()
      return failure
    }
  }

  /// Hands rows over; false if saving has failed.
  func append(
    _ rows: UnsafeRawPointer, bytesPerRow: Int, firstRow: Int, count: Int
  ) -> Bool {
    queue.append(rows, sourceBytesPerRow: bytesPerRow, firstRow: firstRow, rows: count)
  }

  /// Waits for the end and says why it failed, if it did.
  func wait() -> String? {
    queue.close()
    return thread.wait()
  }

  private static func save(
    to path: String, info: ImageInfo, quality: Int?, from queue: StripQueue
  ) -> String? {
    let resolution = info.pixelsPerMillimeter
    guard
      let image = cvips_save_stream(
        Int32(info.width), Int32(info.height), Int32(info.channels), bandFormat(of: info),
        interpretation(of: info), resolution?.x ?? 1, resolution?.y ?? 1)
    else { return takeError() }
    defer { cvips_unref(image) }
    if let profile = info.iccProfile, !profile.isEmpty {
      vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, profile, profile.count)
    }
    if let note = info.description {
      // The savers of PNG and of formats with EXIF look for these names.
      vips_image_set_string(image, "png-comment-0-Description", note)
      vips_image_set_string(image, "exif-ifd0-ImageDescription", note)
    }
    // The image may outlive this call in libvips' cache, and the queue lives as long as the image.
    let context = Unmanaged.passRetained(queue).toOpaque()
    cvips_save_keep_alive(image, context) { pointer in
      if let pointer { Unmanaged<StripQueue>.fromOpaque(pointer).release() }
    }
    let generate: VipsGenerateFn = { region, _, context, _, _ in
      guard let region, let context, let image = region.pointee.im else { return -1 }
      let queue = Unmanaged<StripQueue>.fromOpaque(context).takeUnretainedValue()
      let area = region.pointee.valid
      let pixel = Int(image.pointee.Bands) * Int(vips_format_sizeof(image.pointee.BandFmt))
      for row in area.top..<(area.top + area.height) {
        guard let target = cvips_region_address(region, area.left, row),
          queue.copy(
            row: Int(row), offset: Int(area.left) * pixel, count: Int(area.width) * pixel,
            into: target)
        else { return -1 }
      }
      return 0
    }
    guard vips_image_generate(image, nil, generate, nil, context, nil) == 0,
      let ordered = cvips_save_sequential(image, 16)
    else { return takeError() }
    defer { cvips_unref(ordered) }
    let status =
      quality.map { cvips_save_to_file_with_quality(ordered, path, Int32($0)) }
      ?? cvips_save_to_file(ordered, path)
    return status == 0 ? nil : takeError()
  }

  private static func bandFormat(of info: ImageInfo) -> VipsBandFormat {
    switch info.sampleFormat {
    case .uint8: VIPS_FORMAT_UCHAR
    case .uint16: VIPS_FORMAT_USHORT
    case .float32: VIPS_FORMAT_FLOAT
    }
  }

  private static func interpretation(of info: ImageInfo) -> VipsInterpretation {
    switch (info.color, info.sampleFormat) {
    case (.rgb, .uint8): VIPS_INTERPRETATION_sRGB
    case (.rgb, .uint16): VIPS_INTERPRETATION_RGB16
    case (.rgb, .float32): VIPS_INTERPRETATION_scRGB
    case (.gray, .uint16): VIPS_INTERPRETATION_GREY16
    case (.gray, _): VIPS_INTERPRETATION_B_W
    case (.other, _): VIPS_INTERPRETATION_MULTIBAND
    }
  }

  /// What libvips has to say, on one line; forgotten afterwards.
  static func takeError() -> String {
    guard let buffer = vips_error_buffer_copy() else { return "libvips gave no reason" }
    defer { g_free(buffer) }
    let lines = String(cString: buffer).split(separator: "\n")
    return lines.isEmpty ? "libvips gave no reason" : lines.joined(separator: "; ")
  }
}
