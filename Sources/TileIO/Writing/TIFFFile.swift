import Base
internal import CTIFF
import Foundation

/// A TIFF on the disk under libtiff; what libtiff complains about ends up in the errors.
final class TIFFFile {
  /// The handle for libtiff's functions, nil once closed.
  private(set) var tiff: OpaquePointer?
  private let part: AtomicFile
  private let file: UnsafeMutablePointer<ctiff_file>

  /// Opens `part`; a mode of "w8" writes BigTIFF, "r" reads.
  init(_ part: AtomicFile, mode: String) throws(TesseraError) {
    self.part = part
    let descriptor = try part.openDescriptor()
    file = .allocate(capacity: 1)
    file.initialize(to: ctiff_file())
    file.pointee.descriptor = descriptor
    tiff = ctiff_open_file(file, part.target, mode)
    guard tiff != nil else { throw failure() }
  }

  deinit {
    if let tiff { TIFFCleanup(tiff) }
    close(file.pointee.descriptor)
    file.deallocate()
  }

  /// Writes what libtiff still holds and closes the handle.
  func finish() throws(TesseraError) {
    guard let tiff else { return }
    self.tiff = nil
    let flushed = TIFFFlush(tiff)
    TIFFCleanup(tiff)
    guard flushed != 0, file.pointee.error == 0 else { throw failure() }
  }

  /// Writes the compressed bytes of a tile of the current directory.
  func writeTile(_ index: Int, _ bytes: UnsafeMutableRawPointer, count: Int) throws(TesseraError) {
    guard TIFFWriteRawTile(tiff, UInt32(index), bytes, tmsize_t(count)) == tmsize_t(count) else {
      throw failure()
    }
  }

  /// Writes the compressed bytes of the only strip of the current directory.
  func writeStrip(_ strip: EncodedTile) throws(TesseraError) {
    let count = tmsize_t(strip.count)
    guard TIFFWriteRawStrip(tiff, 0, strip.bytes, count) == count else { throw failure() }
  }

  /// Compresses the only strip of the current directory; `pixels` are spoilt by the predictor.
  func compressStrip(_ pixels: UnsafeMutableRawPointer, count: Int) throws(TesseraError) {
    guard TIFFWriteEncodedStrip(tiff, 0, pixels, tmsize_t(count)) >= 0 else { throw failure() }
  }

  /// Completes the current directory; the next one starts empty.
  func writeDirectory() throws(TesseraError) {
    guard TIFFWriteDirectory(tiff) != 0, file.pointee.error == 0 else { throw failure() }
  }

  /// Where the SubIFDs of the current directory lie.
  var subIFDs: [UInt64] { tiff.map { TIFFDirectory.subIFDOffsets($0) } ?? [] }

  /// Size of the file in bytes.
  var size: UInt64 { ctiff_file_size(UnsafeMutableRawPointer(file)) }

  /// Why the last call failed.
  func failure() -> TesseraError {
    if file.pointee.error != 0 { return part.failure(SystemFailure(code: file.pointee.error)) }
    let message = withUnsafeBytes(of: file.pointee.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return TesseraError(
      part.target, ImageOutput.action, message.isEmpty ? "libtiff gave no reason" : message)
  }
}
