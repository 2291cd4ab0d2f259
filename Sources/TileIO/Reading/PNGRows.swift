import Base
internal import CPNG

/// An open PNG file of one channel whose values are read as they are stored, a byte a pixel.
final class PNGRows {
  let path: String
  let width: Int
  let height: Int
  let bitDepth: Int
  let isPalette: Bool
  let isGray: Bool
  let isInterlaced: Bool
  /// Nil where the file gives none, or only the ratio of the sides.
  let pixelsPerMeter: (x: UInt32, y: UInt32)?
  /// Red, green and blue of each entry of the palette; empty where there is none.
  let palette: [[UInt8]]
  private(set) var nextRow = 0
  private let reader: UnsafeMutablePointer<cpng_reader>

  /// Reads the header.
  init(_ path: String) throws(TesseraError) {
    guard let reader = cpng_open(path) else { throw TesseraError(path, "opening", "out of memory") }
    self.path = path
    self.reader = reader
    let header = reader.pointee
    width = Int(header.width)
    height = Int(header.height)
    bitDepth = Int(header.bit_depth)
    isPalette = Int32(header.color_type) == PNG_COLOR_TYPE_PALETTE
    isGray = Int32(header.color_type) == PNG_COLOR_TYPE_GRAY
    isInterlaced = header.is_interlaced != 0
    let entries = withUnsafeBytes(of: header.palette) { Array($0) }
    palette = (0..<Int(header.palette_count)).map { Array(entries[3 * $0..<3 * $0 + 3]) }
    pixelsPerMeter =
      header.has_density != 0 ? (header.pixels_per_metre_x, header.pixels_per_metre_y) : nil
    try check("opening")
  }

  deinit { cpng_close(reader) }

  /// Reads the next `count` rows; after the last one, whether the file is complete.
  func read(
    into rows: UnsafeMutableRawPointer, bytesPerRow: Int, count: Int
  ) throws(TesseraError) {
    precondition(nextRow + count <= height, "\(count) rows from \(nextRow) of \(height)")
    let action = "reading rows \(nextRow) to \(nextRow + count - 1)"
    let passes = isInterlaced ? Int(PNG_INTERLACE_ADAM7_PASSES) : 1
    // A pass fills in some pixels of every row, so it takes all rows to end one.
    precondition(passes == 1 || count == height, "\(count) of \(height) interlaced rows")
    for _ in 0..<passes {
      cpng_read_rows(reader, rows.assumingMemoryBound(to: UInt8.self), bytesPerRow, count)
      try check(action)
    }
    nextRow += count
    guard nextRow == height else { return }
    cpng_finish(reader)
    try check(action)
  }

  private func check(_ action: String) throws(TesseraError) {
    guard let message = cpng_message(reader) else { return }
    throw TesseraError(
      path, action,
      "\(String(cString: message)); the file is damaged or ends early, copy it again from its origin"
    )
  }
}
