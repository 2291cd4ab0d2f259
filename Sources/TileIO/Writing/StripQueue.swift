import Foundation

/// Rows on their way from the thread that makes them to the one that saves them.
///
/// At most ``limit`` strips wait; whoever is faster waits for the other.
final class StripQueue: @unchecked Sendable {
  // Sendable: everything mutable is only touched while `condition` is locked; the bytes of a strip
  // are written before it is queued and only read from then on.

  private struct Strip {
    let bytes: UnsafeMutableRawPointer
    let capacity: Int
    var firstRow: Int
    var rows: Int
  }

  private static let limit = 2
  private let bytesPerRow: Int
  private let condition = NSCondition()
  private var strips: [Strip] = []
  private var idle: [Strip] = []
  private var isClosed = false

  init(bytesPerRow: Int) { self.bytesPerRow = bytesPerRow }

  deinit { for strip in strips + idle { strip.bytes.deallocate() } }

  /// Copies rows into the queue; false if nobody reads any more.
  func append(
    _ source: UnsafeRawPointer, sourceBytesPerRow: Int, firstRow: Int, rows: Int
  ) -> Bool {
    guard var strip = idleStrip(capacity: rows * bytesPerRow) else { return false }
    strip.firstRow = firstRow
    strip.rows = rows
    for row in 0..<rows {
      (strip.bytes + row * bytesPerRow).copyMemory(
        from: source + row * sourceBytesPerRow, byteCount: bytesPerRow)
    }
    condition.lock()
    defer { condition.unlock() }
    strips.append(strip)
    condition.broadcast()
    return !isClosed
  }

  /// Copies `row` from `offset` bytes on, once it is there; false if it never will be.
  func copy(row: Int, offset: Int, count: Int, into target: UnsafeMutableRawPointer) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let first = strips.first, row < first.firstRow { return false }
      while let first = strips.first, row >= first.firstRow + first.rows {
        idle.append(strips.removeFirst())
        condition.broadcast()
      }
      if let first = strips.first {
        target.copyMemory(
          from: first.bytes + (row - first.firstRow) * bytesPerRow + offset, byteCount: count)
        return true
      }
      guard !isClosed else { return false }
      condition.wait()
    }
  }

  /// Lets both sides end: the reader gets what is queued, the writer is turned away.
  func close() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
  }

  private func idleStrip(capacity: Int) -> Strip? {
    condition.lock()
    defer { condition.unlock() }
    while strips.count >= Self.limit && !isClosed { condition.wait() }
    guard !isClosed else { return nil }
    if let strip = idle.popLast() {
      if strip.capacity >= capacity { return strip }
      strip.bytes.deallocate()
    }
    return Strip(
      bytes: .allocate(byteCount: capacity, alignment: 64), capacity: capacity, firstRow: 0, rows: 0
    )
  }
}
