import Base
import Foundation

/// The size that a PNM file claims: libvips takes a number that is too large for one pixel.
enum PNMHeader {
  /// Throws unless both sides are from 1 to 100,000,000 px, the range of libvips.
  static func check(_ path: String) throws(TesseraError) {
    guard let file = FileHandle(forReadingAtPath: path),
      let head = try? file.read(upToCount: 4096)
    else { throw TesseraError(path, "opening", "the header cannot be read") }
    let text = String(decoding: head.dropFirst(2), as: UTF8.self)
    let fields = text.split(separator: "\n", omittingEmptySubsequences: true)
      .map { $0.prefix { $0 != "#" } }.joined(separator: " ")
      .split(whereSeparator: \.isWhitespace).prefix(2)
    guard fields.count == 2, fields.allSatisfy({ (1...100_000_000).contains(Int($0) ?? 0) }) else {
      throw TesseraError(
        path, "opening",
        "the header claims \(fields.map { $0.prefix(20) }.joined(separator: " x ")) px, which no "
          + "image can have; the file is damaged")
    }
  }
}
