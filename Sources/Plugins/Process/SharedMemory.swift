import CProcess
import Foundation

/// Memory that one copy of a program sees too, lent in pieces.
///
/// It grows where no free piece is large enough; pieces never move. Sizes are powers of two, so that
/// all that was ever made is at most four times what was in use at once.
final class SharedMemory: @unchecked Sendable {
  // Sendable: what changes is guarded by `lock`; a piece is only used by the one that it is lent to.

  /// The descriptor that a program gets.
  let descriptor: Descriptor
  private let lock = NSLock()
  private var free: [MemoryPiece] = []
  private var size = 0

  /// Makes memory of no size.
  init() throws(PluginFault) {
    let number = cprocess_memory()
    guard number >= 0 else {
      throw PluginFault(.plugin, "cannot be started (no shared memory: \(systemMessage()))")
    }
    descriptor = Descriptor(number)
  }

  deinit { for piece in free { munmap(piece.base, piece.count) } }

  /// Bytes that a program must map to see everything.
  var count: Int { lock.withLock { size } }

  /// Lends a piece of at least `count` bytes to `body`, whose content is undefined.
  ///
  /// One that is needed once an image is emptied behind it.
  func lend<Result>(
    _ count: Int, isEmptied: Bool = false,
    _ body: (MemoryPiece) throws(PluginFault) -> Result
  ) throws(PluginFault) -> Result {
    let piece = try take(count)
    defer {
      if isEmptied { cprocess_empty(piece.base, piece.count) }
      lock.withLock { free.append(piece) }
    }
    return try body(piece)
  }

  private func take(_ count: Int) throws(PluginFault) -> MemoryPiece {
    lock.lock()
    defer { lock.unlock() }
    let fitting = free.indices.filter { free[$0].count >= count }
    if let best = fitting.min(by: { free[$0].count < free[$1].count }) {
      return free.remove(at: best)
    }
    // Those that are too small now will hardly be of use again.
    for piece in free { cprocess_empty(piece.base, piece.count) }
    var room = 1 << 16
    while room < count { room *= 2 }
    guard ftruncate(descriptor.number, off_t(size + room)) == 0,
      let base = mmap(
        nil, room, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number, off_t(size)),
      base != MAP_FAILED
    else {
      throw PluginFault(
        .plugin, "cannot get \(room >> 20) MB of shared memory (\(systemMessage()))",
        advice: "; use a smaller --tile")
    }
    defer { size += room }
    return MemoryPiece(base: base, offset: size, count: room)
  }
}
