import TesseraPlugin

/// A level of a pyramid while it is written: rows that wait for a full row of tiles.
final class PyramidLevel {
  let number: Int
  let width: Int
  let height: Int
  let columns: Int
  let bytesPerRow: Int
  /// Rows in ``rows``.
  var filled = 0
  /// Rows that went to the tiles.
  var done = 0
  /// Where each tile lies in the spill file, row by row; empty for level 0.
  var spilled: [(offset: Int, count: Int)] = []
  private let tileSize: Int
  private var memory: UnsafeMutableRawPointer?

  init(number: Int, plan: PyramidPlan) {
    let level = plan.levels[number]
    self.number = number
    width = level.width
    height = level.height
    columns = plan.grid(of: level).columns
    bytesPerRow = level.width * plan.layout.bytesPerPixel
    tileSize = plan.tileSize
  }

  deinit { memory?.deallocate() }

  /// Room for one row of tiles; allocated when first needed.
  var rows: UnsafeMutableRawPointer {
    if let memory { return memory }
    let fresh = UnsafeMutableRawPointer.allocate(
      byteCount: bytesPerRow * min(tileSize, height), alignment: 64)
    memory = fresh
    return fresh
  }

  /// Whether the rows at hand make a row of tiles.
  func isRowOfTiles(_ count: Int) -> Bool { count == tileSize || done + count == height }

  /// Rows of the next level that `count` rows of this one give.
  func halved(_ count: Int) -> Int { height == 1 ? 1 : count >> 1 }
}
