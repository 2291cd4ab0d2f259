import Base
import Synchronization
import TesseraPlugin

/// A PNG file whose pixels are numbers, not colors: the indices of a palette, or gray of 1, 2 or 4
/// bits, as they are stored.
///
/// It is read in one pass. An interlaced file is decoded whole at the first read.
final class PaletteSource: ImageSource {
  let info: ImageInfo

  private let path: String
  private let state: Mutex<State>

  /// The most pixels of an interlaced file.
  private static let maximumInterlaced = 1 << 30

  private final class State: @unchecked Sendable {
    // Sendable: only touched while its mutex is locked.
    let rows: PNGRows
    /// The whole image, where the file is interlaced.
    var pixels: [UInt8] = []
    /// The first row that has not been delivered.
    var nextRow = 0

    init(_ rows: PNGRows) { self.rows = rows }
  }

  /// Opens the PNG file, of which `picture` says what it is as a picture; nil if its pixels are
  /// colors, or gray of 8 or 16 bits.
  init?(_ path: String, picture: ImageInfo, fileSize: Int) throws(TesseraError) {
    let rows = try PNGRows(path)
    guard rows.isPalette || rows.isGray && rows.bitDepth < 8 else { return nil }
    guard picture.orientation == 1 else {
      throw TesseraError(
        path, "reading labels",
        "its EXIF orientation says to turn it, which is done to pictures only; save it upright")
    }
    try PaletteSource.check(rows, fileSize: fileSize)
    var info = ImageInfo(
      format: "PNG", width: rows.width, height: rows.height, channels: 1, color: .gray,
      sampleFormat: .uint8)
    info.storedAs = rows.isPalette ? "palette" : "\(rows.bitDepth)-bit grey"
    if rows.isPalette {
      info.labelClasses = rows.palette.enumerated().map { LabelClass("\($0)", color: $1) }
    }
    info.micronsPerPixel = picture.micronsPerPixel
    info.printResolution = picture.printResolution
    self.info = info
    self.path = path
    state = Mutex(State(rows))
  }

  /// Refuses sizes that the file cannot hold, and those that would not fit in memory.
  private static func check(_ rows: PNGRows, fileSize: Int) throws(TesseraError) {
    let size = "\(rows.width) x \(rows.height) px"
    // Deflate packs at most 1032 bytes into one. No side has more than 31 bits.
    guard rows.width * rows.bitDepth / 8 * rows.height / 1032 <= fileSize else {
      throw TesseraError(
        rows.path, "opening",
        "it claims \(size), which its \(fileSize) bytes cannot hold; the file is damaged")
    }
    guard !rows.isInterlaced || rows.width * rows.height <= maximumInterlaced else {
      throw TesseraError(
        rows.path, "opening",
        "an interlaced file of \(size) would be decoded in memory; save it without interlacing")
    }
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    precondition(
      tile.channels == 1 && tile.format == .uint8, "\(tile.channels) x \(tile.format) of indices")
    let region = tile.region
    try state.withLock { state throws(TesseraError) in
      guard region.x == 0, region.width == info.width, region.y == state.nextRow,
        region.y + region.height <= info.height
      else {
        throw TesseraError(
          path, "reading \(region)", "this file can only be read once, in full rows from the top")
      }
      let bytesPerRow = tile.bytesPerRow
      if state.rows.isInterlaced {
        try decodeWhole(state)
        tile.withUnsafeMutableBytes { base in
          state.pixels.withUnsafeBytes { pixels in
            for (index, row) in region.rows.enumerated() {
              UnsafeMutableRawBufferPointer(start: base + index * bytesPerRow, count: info.width)
                .copyMemory(
                  from: .init(rebasing: pixels[row * info.width..<(row + 1) * info.width]))
            }
          }
        }
      } else {
        try tile.withUnsafeMutableBytes { base throws(TesseraError) in
          try state.rows.read(into: base, bytesPerRow: bytesPerRow, count: region.height)
        }
      }
      state.nextRow += region.height
    }
  }

  private func decodeWhole(_ state: State) throws(TesseraError) {
    guard state.pixels.isEmpty else { return }
    let (width, height) = (info.width, info.height)
    var pixels = [UInt8](repeating: 0, count: width * height)
    let result = pixels.withUnsafeMutableBytes { buffer in
      Result { () throws(TesseraError) in
        guard let base = buffer.baseAddress else { return }
        try state.rows.read(into: base, bytesPerRow: width, count: height)
      }
    }
    try result.get()
    state.pixels = pixels
  }

  func reopened() throws(TesseraError) -> any ImageSource {
    try ImageFile.open(path, limits: .init(pixels: .max), as: .labels(palette: nil))
  }

  /// The number in the middle of each square: a mean of labels is no label.
  func overview(reduction: Int) throws(TesseraError) -> Tile {
    try LabelSource.overview(
      of: ImageFile.open(path, limits: .init(pixels: .max), as: .labels(palette: nil)), reduction)
  }
}
