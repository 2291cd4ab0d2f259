import Base
internal import CTIFF
import Foundation

/// The levels of an OME-TIFF once more, as pages: Bio-Formats and tifffile look for them in SubIFDs,
/// OpenSlide among the pages.
///
/// A page is a copy of the directory of a level, a few hundred bytes; its tiles are those of the level.
struct PyramidPages {
  let part: AtomicFile

  /// Adds the pages to a complete BigTIFF in the byte order of this machine.
  func add() throws(TesseraError) {
    let (first, levels) = try places()
    do throws(SystemFailure) {
      let file = try OpenFile(part.path, O_RDWR)
      var last = first
      for level in levels {
        let size = Int(try file.status.st_size)
        let page = (size + 7) & ~7
        let end = try Self.link(of: level, in: file) + 8
        // No directory follows a SubIFD, nor the copy of one yet.
        try file.put(try file.bytes(at: level, count: end - level), at: page)
        let link = try Self.link(of: last, in: file)
        try file.put(withUnsafeBytes(of: UInt64(page)) { [UInt8]($0) }, at: link)
        last = page
      }
    } catch {
      throw part.failure(error)
    }
  }

  /// Where the first directory lies, and those of the levels.
  private func places() throws(TesseraError) -> (first: Int, levels: [Int]) {
    let file = try TIFFFile(part, mode: "r")
    return (Int(TIFFCurrentDirOffset(file.tiff)), file.subIFDs.map { Int($0) })
  }

  /// Where a directory holds the place of the next one: behind its entries of 20 bytes.
  private static func link(of directory: Int, in file: OpenFile) throws(SystemFailure) -> Int {
    let count = try file.bytes(at: directory, count: 8).withUnsafeBytes {
      $0.loadUnaligned(as: UInt64.self)
    }
    return directory + 8 + 20 * Int(clamping: count)
  }
}
