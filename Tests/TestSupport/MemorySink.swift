import Base
public import TesseraPlugin
public import TileIO

/// A sink that keeps the bytes of all rows.
public final class MemorySink: ImageSink {
  /// The samples, row by row.
  public private(set) var bytes: [UInt8] = []
  /// Rows that have arrived.
  public private(set) var rows = 0
  /// Whether the file was completed.
  public private(set) var isFinished = false
  /// Whether it was given up.
  public private(set) var isDiscarded = false
  private let failingRow: Int?

  /// Makes a sink that throws at `failingRow`.
  public init(failingRow: Int? = nil) { self.failingRow = failingRow }

  /// Keeps the rows.
  public func write(_ strip: borrowing Tile) throws(TesseraError) {
    precondition(
      strip.region.x == 0 && strip.region.y == rows, "strip \(strip.region) after \(rows)")
    if let failingRow, strip.region.rows.contains(failingRow) {
      throw TesseraError("memory", "writing row \(failingRow)", "the test wants it to fail")
    }
    for row in strip.region.rows {
      let offset = (row - strip.region.y) * strip.bytesPerRow
      let count = strip.region.width * strip.channels * strip.format.bytes
      strip.withUnsafeBytes {
        bytes.append(contentsOf: UnsafeRawBufferPointer(start: $0 + offset, count: count))
      }
    }
    rows += strip.region.height
  }

  /// Notes the end.
  public func finish() throws(TesseraError) { isFinished = true }

  /// Notes that the output was given up.
  public func discard() { isDiscarded = true }
}
