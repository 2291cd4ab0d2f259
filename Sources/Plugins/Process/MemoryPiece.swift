import TesseraPlugin

/// A piece of shared memory, mapped.
struct MemoryPiece {
  /// Where it is in this process.
  let base: UnsafeMutableRawPointer
  /// Where it begins in the shared memory.
  let offset: Int
  /// Its size in bytes.
  let count: Int

  /// Bytes that the pixels of `region` take, rows without gaps, rounded up so that what follows is
  /// aligned.
  static func bytes(_ region: PixelRegion, channels: Int, format: SampleFormat) -> Int {
    (region.area * channels * format.bytes + 63) & ~63
  }

  /// Writes the pixels of `tile` from byte `start` on.
  func write(_ tile: borrowing Tile, at start: Int) {
    let (row, rows) = (tile.region.width * tile.channels * tile.format.bytes, tile.region.height)
    let stride = tile.bytesPerRow
    precondition(start + row * rows <= count, "\(tile.region) into \(count) bytes")
    tile.withUnsafeBytes { source in
      guard stride != row else {
        return (base + start).copyMemory(from: source, byteCount: row * rows)
      }
      for index in 0..<rows {
        (base + start + index * row).copyMemory(from: source + index * stride, byteCount: row)
      }
    }
  }

  /// Reads the pixels of `tile` from byte `start` on.
  func read(at start: Int, into tile: inout Tile) {
    let (row, rows) = (tile.region.width * tile.channels * tile.format.bytes, tile.region.height)
    let stride = tile.bytesPerRow
    precondition(start + row * rows <= count, "\(tile.region) from \(count) bytes")
    tile.withUnsafeMutableBytes { target in
      guard stride != row else {
        return target.copyMemory(from: base + start, byteCount: row * rows)
      }
      for index in 0..<rows {
        (target + index * stride).copyMemory(from: base + start + index * row, byteCount: row)
      }
    }
  }
}
