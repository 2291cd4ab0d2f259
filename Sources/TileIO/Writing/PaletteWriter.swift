import Base
internal import CPNG
import Foundation
import TesseraPlugin

/// Writes a label map as a PNG file whose samples are the numbers of its classes, with their colors as
/// its palette.
final class PaletteWriter: ImageSink {
  private let path: String
  private let info: ImageInfo
  private var part: AtomicFile?
  private var writer: UnsafeMutablePointer<cpng_writer>?
  private var rowsTaken = 0

  /// The colors of `info` as a palette that has one for every byte; nil where it has none, or the file
  /// is no PNG.
  static func palette(of info: ImageInfo, path: String) -> [UInt8]? {
    guard let classes = info.labelClasses, !classes.isEmpty, classes.count <= 256,
      ImageOutput.ending(of: path) == "png", info.sampleFormat == .uint8, info.channels == 1
    else { return nil }
    let colors = classes.compactMap(\.color)
    guard colors.count == classes.count, colors.allSatisfy({ $0.count == 3 }) else { return nil }
    // Readers refuse numbers without a color.
    return colors.flatMap { $0 } + [UInt8](repeating: 128, count: 3 * (256 - colors.count))
  }

  init(
    path: String, info: ImageInfo, palette: [UInt8], willPublish: @escaping WillPublish
  ) throws(TesseraError) {
    (self.path, self.info) = (path, info)
    let part = try AtomicFile(
      path, action: ImageOutput.action, ending: "png", willPublish: willPublish)
    self.part = part
    let density = info.pixelsPerMillimeter.map { (across, down) in
      (UInt32(saturating: across * 1000), UInt32(saturating: down * 1000))
    }
    writer = cpng_create(
      part.path, UInt32(info.width), UInt32(info.height), palette, Int32(palette.count / 3),
      density?.0 ?? 0, density?.1 ?? 0, info.description)
    try check()
  }

  deinit { discard() }

  func write(_ strip: borrowing Tile) throws(TesseraError) {
    let region = strip.region
    precondition(
      region.x == 0 && region.width == info.width && region.y == rowsTaken
        && strip.channels == 1 && strip.format == .uint8,
      "a strip \(region) of \(strip.channels) x \(strip.format) after \(rowsTaken) rows")
    guard let writer else {
      throw TesseraError(path, ImageOutput.action, "the file was given up before")
    }
    let stride = strip.bytesPerRow
    strip.withUnsafeBytes {
      cpng_write_rows(
        writer, $0.assumingMemoryBound(to: UInt8.self), stride, region.height)
    }
    try check()
    rowsTaken += region.height
  }

  func finish() throws(TesseraError) {
    guard let part, let writer, rowsTaken == info.height else {
      discard()
      throw TesseraError(
        path, ImageOutput.action, "only \(rowsTaken) of \(info.height) rows arrived")
    }
    cpng_end(writer)
    try check()
    close()
    do throws(TesseraError) {
      try part.synchronize()
      let rows = try PNGRows(part.path)
      guard rows.width == info.width, rows.height == info.height, rows.isPalette else {
        throw TesseraError(
          path, "checking the finished file", "it holds \(rows.width) x \(rows.height) px")
      }
      try part.publish()
    } catch {
      part.discard()
      self.part = nil
      throw error
    }
    self.part = nil
  }

  func discard() {
    close()
    part?.discard()
    part = nil
  }

  private func close() {
    cpng_close_writer(writer)
    writer = nil
  }

  private func check() throws(TesseraError) {
    let reason: String
    if let writer {
      guard let message = cpng_writer_message(writer) else { return }
      reason = String(cString: message)
    } else {
      reason = "out of memory"
    }
    discard()
    let isFull = reason.contains(String(cString: strerror(ENOSPC)))
    throw TesseraError(
      path, ImageOutput.action, isFull ? SystemFailure(code: ENOSPC).whileWriting : reason)
  }
}
