/// The compressed bytes of one tile, in memory that is kept from tile to tile.
final class EncodedTile: @unchecked Sendable {
  // Sendable: a tile belongs to the one job that fills it, then to the thread that waited for the
  // job; what `UniformTiles` shares is never written again.

  private(set) var bytes: UnsafeMutableRawPointer
  private(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 4096) {
    self.capacity = capacity
    bytes = .allocate(byteCount: capacity, alignment: 16)
  }

  deinit { bytes.deallocate() }

  /// Forgets the bytes.
  func removeAll() { count = 0 }

  /// Appends `length` bytes.
  func append(_ source: UnsafeRawPointer, count length: Int) {
    if count + length > capacity {
      // A quarter more than needed: the next rows of tiles are much like this one.
      capacity = ((count + length) * 5 / 4 + 4095) & ~4095
      let grown = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
      grown.copyMemory(from: bytes, byteCount: count)
      bytes.deallocate()
      bytes = grown
    }
    (bytes + count).copyMemory(from: source, byteCount: length)
    count += length
  }

  /// A copy in memory of its own, no larger than needed.
  func copy() -> EncodedTile {
    let copy = EncodedTile(capacity: max(1, count))
    copy.append(bytes, count: count)
    return copy
  }
}
