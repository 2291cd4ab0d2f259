import Base
internal import CTIFF
import TesseraPlugin

/// Opens a finished pyramid again to see that all of it is there.
struct PyramidCheck {
  let plan: PyramidPlan
  let part: AtomicFile

  /// Looks at the directory of every level, the place of every tile, and decodes one tile a level.
  func run() throws(TesseraError) {
    let file = try TIFFFile(part, mode: "r")
    let thumbnails = plan.thumbnailLevel == nil ? 0 : 1
    let pages = plan.levels.count + thumbnails
    guard Int(TIFFNumberOfDirectories(file.tiff)) == pages else {
      throw failure("it has not \(pages) pages")
    }
    for number in plan.levels.indices {
      let page = number == 0 ? 0 : number + thumbnails
      guard TIFFSetDirectory(file.tiff, UInt32(page)) != 0 else { throw file.failure() }
      try check(level: number, of: file)
    }
    guard plan.profile == .ome else { return }
    guard TIFFSetDirectory(file.tiff, 0) != 0 else { throw file.failure() }
    let offsets = file.subIFDs
    guard offsets.count == plan.levels.count - 1 else { throw failure("it lacks levels") }
    for (index, offset) in offsets.enumerated() {
      guard TIFFSetSubDirectory(file.tiff, offset) != 0 else { throw file.failure() }
      try check(level: index + 1, of: file)
    }
  }

  private func check(level number: Int, of file: TIFFFile) throws(TesseraError) {
    let level = plan.levels[number]
    var width: UInt32 = 0
    var height: UInt32 = 0
    _ = ctiff_get_u32(file.tiff, UInt32(TIFFTAG_IMAGEWIDTH), &width)
    _ = ctiff_get_u32(file.tiff, UInt32(TIFFTAG_IMAGELENGTH), &height)
    guard Int(width) == level.width, Int(height) == level.height else {
      throw failure("level \(number) is \(width) x \(height)")
    }
    let grid = plan.grid(of: level)
    let count = grid.columns * grid.rows
    guard Int(TIFFNumberOfTiles(file.tiff)) == count else {
      throw failure("level \(number) has not \(count) tiles")
    }
    let size = file.size
    for tile in 0..<UInt32(count) {
      let bytes = TIFFGetStrileByteCount(file.tiff, tile)
      let offset = TIFFGetStrileOffset(file.tiff, tile)
      guard bytes > 0, offset > 0, offset <= size, bytes <= size - offset else {
        throw failure("tile \(tile) of level \(number) is missing")
      }
    }
    try decode(UInt32(count / 2), of: file, level: number)
  }

  private func decode(_ tile: UInt32, of file: TIFFFile, level: Int) throws(TesseraError) {
    let capacity = plan.tileSize * plan.tileSize * plan.layout.bytesPerPixel
    if plan.compression.method == .jpeg, plan.layout.channels == 3 {
      _ = ctiff_set_u16(file.tiff, UInt32(TIFFTAG_JPEGCOLORMODE), UInt16(JPEGCOLORMODE_RGB))
    }
    let pixels = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 64)
    defer { pixels.deallocate() }
    guard TIFFReadEncodedTile(file.tiff, tile, pixels, tmsize_t(capacity)) == tmsize_t(capacity)
    else {
      throw failure("tile \(tile) of level \(level) does not decode")
    }
  }

  private func failure(_ what: String) -> TesseraError {
    TesseraError(
      plan.path, "checking the finished file", "\(what): the disk may be failing, try another one")
  }
}
