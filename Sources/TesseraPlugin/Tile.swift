/// A rectangle of interleaved samples (rows top to bottom, R G B R G B … within a row).
///
/// A tile knows its position in the image: rows and columns are always given in image coordinates.
/// It owns its memory, or borrows it from the engine for the duration of a call.
public struct Tile: ~Copyable, @unchecked Sendable {
  // Sendable: the tile is the only owner of `base` (or stands for the engine's exclusive loan), it
  // cannot be copied, and writing needs exclusive access to the tile itself.

  /// The position of the tile in the image.
  public let region: PixelRegion
  /// Samples per pixel.
  public let channels: Int
  /// The storage format of a sample.
  public let format: SampleFormat
  /// Bytes from one row to the next.
  public let bytesPerRow: Int

  @usableFromInline let base: UnsafeMutableRawPointer
  let isOwner: Bool

  /// Allocates a tile with all samples zero.
  public init(region: PixelRegion, channels: Int, format: SampleFormat) {
    precondition(!region.isEmpty && channels > 0, "a tile of \(region) with \(channels) channels")
    self.region = region
    self.channels = channels
    self.format = format
    bytesPerRow = region.width * channels * format.bytes
    let count = bytesPerRow * region.height
    base = .allocate(byteCount: count, alignment: 64)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    isOwner = true
  }

  /// Lends memory to a tile without transferring it: for hosts that cut windows out of a buffer.
  ///
  /// `base` points at the first sample of `region` and must stay valid for the life of the tile.
  public init(
    lending base: UnsafeMutableRawPointer, bytesPerRow: Int, region: PixelRegion, channels: Int,
    format: SampleFormat
  ) {
    precondition(bytesPerRow >= region.width * channels * format.bytes, "rows of \(region) overlap")
    self.region = region
    self.channels = channels
    self.format = format
    self.bytesPerRow = bytesPerRow
    self.base = base
    isOwner = false
  }

  deinit {
    if isOwner { base.deallocate() }
  }

  @inlinable @inline(__always)
  func address(row: Int, column: Int) -> UnsafeMutableRawPointer {
    base + (row - region.y) * bytesPerRow + (column - region.x) * channels * format.bytes
  }

  @inlinable
  func check<S: Sample>(row: Int, columns: Range<Int>, _: S.Type) {
    precondition(S.sampleFormat == format, "the tile holds \(format), not \(S.sampleFormat)")
    precondition(
      region.rows.contains(row) && columns.lowerBound >= region.x
        && columns.upperBound <= region.x + region.width,
      "row \(row), columns \(columns) of the tile \(region)")
  }

  /// Reads the samples of `columns` in `row`, `channels` per pixel.
  @inlinable
  public func withRow<S: Sample, Result, Failure: Error>(
    _ row: Int, columns: Range<Int>, as type: S.Type,
    _ body: (Span<S>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    check(row: row, columns: columns, type)
    let start = address(row: row, column: columns.lowerBound).assumingMemoryBound(to: S.self)
    return try body(
      Span(_unsafeStart: UnsafePointer(start), count: columns.count * channels))
  }

  /// Writes the samples of `columns` in `row`, `channels` per pixel.
  @inlinable
  public mutating func withMutableRow<S: Sample, Result, Failure: Error>(
    _ row: Int, columns: Range<Int>, as type: S.Type,
    _ body: (inout MutableSpan<S>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    check(row: row, columns: columns, type)
    let start = address(row: row, column: columns.lowerBound).assumingMemoryBound(to: S.self)
    var span = MutableSpan(_unsafeStart: start, count: columns.count * channels)
    return try body(&span)
  }

  /// Gives access to the memory of the tile, row 0 first: for hosts that pass it to a C library.
  @inlinable
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(UnsafeRawPointer(base))
  }

  /// Gives write access to the memory of the tile, row 0 first.
  @inlinable
  public mutating func withUnsafeMutableBytes<Result, Failure: Error>(
    _ body: (UnsafeMutableRawPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(base)
  }

  /// Copies every pixel of `region` from `source`, which has the same channels and format.
  public mutating func copy(_ region: PixelRegion, from source: borrowing Tile) {
    precondition(
      source.channels == channels && source.format == format,
      "a tile of \(source.channels) x \(source.format) into one of \(channels) x \(format)")
    precondition(
      self.region.contains(region) && source.region.contains(region),
      "\(region) from \(source.region) to \(self.region)")
    let count = region.width * channels * format.bytes
    for row in region.rows {
      address(row: row, column: region.x).copyMemory(
        from: source.address(row: row, column: region.x), byteCount: count)
    }
  }
}
