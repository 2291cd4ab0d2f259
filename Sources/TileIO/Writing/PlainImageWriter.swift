import Base
internal import CVips
import Foundation
import TesseraPlugin

/// Writes an image without levels in a format that libvips saves, chosen by the ending of the name.
///
/// The rows are written as they come, except that the encoders of WebP and HEIF hold the whole image.
public final class PlainImageWriter: ImageSink {
  private let path: String
  private let info: ImageInfo
  private var part: AtomicFile?
  private let saver: StripSaver
  private var rowsTaken = 0

  /// Starts a file at `path`; `info` describes the pixels that will follow.
  public init(
    path: String, info: ImageInfo, options: OutputOptions,
    willPublish: @escaping WillPublish = { _ in }
  ) throws(TesseraError) {
    if let fault = Self.fault(path: path, info: info, options: options) { throw fault }
    self.path = path
    self.info = info
    let part = try AtomicFile(
      path, action: ImageOutput.action, ending: (path as NSString).pathExtension,
      willPublish: willPublish)
    self.part = part
    let hasQuality = PlainFormat(path: path)?.hasQuality ?? false
    saver = StripSaver(path: part.path, info: info, quality: hasQuality ? options.quality : nil)
  }

  deinit { discard() }

  /// Why the image cannot be written to `path` as it is.
  static func fault(path: String, info: ImageInfo, options: OutputOptions) -> TesseraError? {
    guard let format = PlainFormat(path: path) else {
      return TesseraError(path, "planning the file", ImageOutput.unknownEnding)
    }
    let ending = ".\(ImageOutput.ending(of: path))"
    if info.width < 1 || info.height < 1 {
      return TesseraError(path, "planning the file", "the image has no pixels")
    }
    if !(1...100).contains(options.quality) {
      return TesseraError(
        path, "planning the file", "a quality of \(options.quality): use 1 to 100")
    }
    if let fault = format.fault(of: info) {
      return TesseraError(path, "planning the file", fault)
    }
    do throws(TesseraError) {
      try VipsLibrary.start(for: path)
    } catch {
      return error
    }
    guard cvips_save_can_save("x\(ending)") != 0 else {
      return TesseraError(
        path, "planning the file", "this libvips was built without \(format.name): write .png")
    }
    return nil
  }

  /// Takes the next rows; after an error only ``discard()`` is of use.
  public func write(_ strip: borrowing Tile) throws(TesseraError) {
    let region = strip.region
    precondition(
      region.x == 0 && region.width == info.width && region.y == rowsTaken
        && rowsTaken + region.height <= info.height
        && strip.channels == info.channels && strip.format == info.sampleFormat,
      "a strip \(region) of \(strip.channels) x \(strip.format) after \(rowsTaken) rows")
    guard part != nil else {
      throw TesseraError(path, ImageOutput.action, "the file was given up before")
    }
    let bytesPerRow = strip.bytesPerRow
    let isTaken = strip.withUnsafeBytes {
      saver.append($0, bytesPerRow: bytesPerRow, firstRow: region.y, count: region.height)
    }
    guard isTaken else {
      let reason = saver.wait()
      throw giveUp(reason ?? "libvips stopped early")
    }
    rowsTaken += region.height
  }

  /// Completes the file, opens it again to check its size and gives it its name.
  public func finish() throws(TesseraError) {
    guard let part else {
      throw TesseraError(path, ImageOutput.action, "the file was given up before")
    }
    if let reason = saver.wait() {
      throw giveUp(
        rowsTaken == info.height ? reason : "only \(rowsTaken) of \(info.height) rows arrived")
    }
    do throws(TesseraError) {
      if info.pixelsPerMillimeter == nil { try eraseResolution(of: part) }
      try part.synchronize()
      try check(part)
      try part.publish()
      self.part = nil
    } catch {
      part.discard()
      self.part = nil
      throw error
    }
  }

  /// Removes everything that was written; does nothing after ``finish()``.
  public func discard() {
    guard let part else { return }
    _ = saver.wait()
    part.discard()
    self.part = nil
  }

  private func eraseResolution(of part: AtomicFile) throws(TesseraError) {
    do {
      try FilledInResolution.erase(in: part.path)
    } catch {
      throw TesseraError(path, ImageOutput.action, "its resolution cannot be written: \(error)")
    }
  }

  private func giveUp(_ reason: String) -> TesseraError {
    // libvips passes the operating system's reason on as text only.
    let isFull = reason.contains(String(cString: strerror(ENOSPC)))
    part?.discard()
    part = nil
    return TesseraError(
      path, ImageOutput.action, isFull ? SystemFailure(code: ENOSPC).whileWriting : reason)
  }

  private func check(_ part: AtomicFile) throws(TesseraError) {
    guard let image = cvips_save_reopen(part.path) else {
      throw TesseraError(
        path, "checking the finished file", "it does not open: \(StripSaver.takeError())")
    }
    defer { cvips_unref(image) }
    let found = image.pointee
    guard Int(found.Xsize) == info.width, Int(found.Ysize) == info.height,
      Int(found.Bands) == info.channels,
      Int(vips_format_sizeof(found.BandFmt)) == info.sampleFormat.bytes
    else {
      throw TesseraError(
        path, "checking the finished file",
        "it holds \(found.Xsize) x \(found.Ysize) px with \(found.Bands) channels instead of "
          + "\(info.width) x \(info.height) with \(info.channels)")
    }
  }
}
