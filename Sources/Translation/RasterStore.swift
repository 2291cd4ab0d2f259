import Foundation
import TileIO

/// The raw samples of a whole image in a temporary file that has no name.
final class RasterStore: Sendable {
  private let descriptor: Int32
  private let path: String

  init() throws(ImageError) {
    path = FileManager.default.temporaryDirectory.appending(path: "tessera-verify-XXXXXX").path
    var template = Array(path.utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw ImageError(
        path, "making a temporary file", "\(String(cString: strerror(errno))); set TMPDIR")
    }
    unlink(template)
  }

  deinit { close(descriptor) }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(ImageError) {
    guard pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset)) == bytes.count else {
      throw ImageError(
        path, "keeping the first result", "\(String(cString: strerror(errno))); set TMPDIR")
    }
  }

  func read(_ count: Int, at offset: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let done = bytes.withUnsafeMutableBytes {
      pread(descriptor, $0.baseAddress, count, off_t(offset))
    }
    return done == count ? bytes : []
  }
}
