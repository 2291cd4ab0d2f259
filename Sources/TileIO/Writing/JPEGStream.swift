/// A JPEG stream taken apart: TIFF keeps the tables that all tiles share in a tag.
struct JPEGStream {
  /// SOI, quantisation and Huffman tables, EOI: the value of the tag JPEGTables.
  private(set) var tables: [UInt8] = [0xFF, 0xD8]
  /// The segments between the tables that a decoder needs for every tile, such as the frame header.
  private(set) var headers: [Range<Int>] = []
  /// Start of scan to the end of the stream, EOI included.
  private(set) var scan: Range<Int> = 0..<0

  /// Finds the segments of the stream; nil if it is none.
  init?(_ bytes: UnsafeBufferPointer<UInt8>, keepingTables: Bool = false) {
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xFF {
      let marker = bytes[position + 1]
      if marker == 0xDA {
        scan = position..<bytes.count
        if keepingTables { tables += [0xFF, 0xD9] }
        return
      }
      let end = position + 2 + Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
      guard end <= bytes.count else { return nil }
      switch marker {
      case 0xDB, 0xC4:
        if keepingTables { tables += bytes[position..<end] }
      case 0xE0...0xEF, 0xFE:
        break
      default:
        headers.append(position..<end)
      }
      position = end
    }
    return nil
  }
}
