import TesseraPlugin

extension Tile {
  /// Fills the tile from `blocks`, whose rows cover it; what lies beyond an image of `width` x
  /// `height` px is its mirror image, the edge not repeated.
  mutating func fill(from blocks: [PixelBlock], width: Int, height: Int) {
    let columns = region.columns.clamped(to: 0..<width)
    for row in region.rows {
      let source = Self.mirrored(row, height)
      guard let block = blocks.first(where: { $0.region.rows.contains(source) }) else {
        preconditionFailure("row \(source) for \(region) is not in memory")
      }
      copyRow(
        row, columns: columns,
        from: block.lend(PixelRegion(columns: 0..<width, rows: source..<(source + 1))))
    }
    mirrorColumns(beyond: width)
  }

  /// Fills the tile from `source`; what lies beyond it is its mirror image, the edge not repeated.
  package mutating func fillMirrored(from source: borrowing Tile) {
    let pixel = channels * format.bytes
    let (from, to) = (source.region, region)
    let (fromStride, toStride) = (source.bytesPerRow, bytesPerRow)
    // What both have goes in one piece.
    let shared = to.intersection(from).columns
    let mirrored = to.columns.filter { !shared.contains($0) }
    withUnsafeMutableBytes { target in
      source.withUnsafeBytes { bytes in
        for row in to.rows {
          let line = bytes + Self.mirrored(row - from.y, from.height) * fromStride
          let goal = target + (row - to.y) * toStride
          if !shared.isEmpty {
            (goal + (shared.lowerBound - to.x) * pixel).copyMemory(
              from: line + (shared.lowerBound - from.x) * pixel, byteCount: shared.count * pixel)
          }
          for column in mirrored {
            (goal + (column - to.x) * pixel).copyMemory(
              from: line + Self.mirrored(column - from.x, from.width) * pixel, byteCount: pixel)
          }
        }
      }
    }
  }

  /// The place within `0..<count` that mirrors `index`.
  package static func mirrored(_ index: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let place = (index % period + period) % period
    return place < count ? place : period - place
  }

  private mutating func copyRow(_ row: Int, columns: Range<Int>, from source: borrowing Tile) {
    let pixel = channels * format.bytes
    let (start, bytesPerRow, top) = (region.x, bytesPerRow, region.y)
    withUnsafeMutableBytes { target in
      source.withUnsafeBytes { bytes in
        (target + (row - top) * bytesPerRow + (columns.lowerBound - start) * pixel).copyMemory(
          from: bytes + columns.lowerBound * pixel, byteCount: columns.count * pixel)
      }
    }
  }

  private mutating func mirrorColumns(beyond width: Int) {
    let pixel = channels * format.bytes
    let (columns, rows, bytesPerRow) = (region.columns, region.height, bytesPerRow)
    guard columns.upperBound > width else { return }
    withUnsafeMutableBytes { base in
      for row in 0..<rows {
        let line = base + row * bytesPerRow
        for column in max(width, columns.lowerBound)..<columns.upperBound {
          let source = Self.mirrored(column, width)
          precondition(columns.contains(source), "column \(source) is not in the window \(columns)")
          (line + (column - columns.lowerBound) * pixel).copyMemory(
            from: line + (source - columns.lowerBound) * pixel, byteCount: pixel)
        }
      }
    }
  }
}
