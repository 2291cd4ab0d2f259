import Base
import Synchronization
public import TesseraPlugin
public import TileIO

/// An image in memory whose pixels a function gives; counts as random access or as one pass.
public final class MemorySource: ImageSource {
  /// What the source says about itself.
  public let info: ImageInfo
  /// The samples by their place.
  public let value: @Sendable (_ x: Int, _ y: Int, _ channel: Int) -> Int
  private let nextRow = Mutex(0)
  private let failingRow: Int?

  /// Makes a source; integers are delivered as they are, floats as value / 255.
  public init(
    width: Int, height: Int, channels: Int = 3, hasAlpha: Bool = false,
    format: SampleFormat = .uint8, isRandomAccess: Bool = true, storedTile: Int? = nil,
    failingRow: Int? = nil,
    value: @escaping @Sendable (_ x: Int, _ y: Int, _ channel: Int) -> Int = MemorySource.noise
  ) {
    var info = ImageInfo(
      format: "memory", width: width, height: height, channels: channels, hasAlpha: hasAlpha,
      color: channels - (hasAlpha ? 1 : 0) == 3 ? .rgb : .gray, sampleFormat: format)
    info.isRandomAccess = isRandomAccess
    info.storedTile = storedTile.map { ImageInfo.Level(width: $0, height: $0) }
    self.info = info
    self.value = value
    self.failingRow = failingRow
  }

  /// Hashed noise, 0...255, without any structure that a seam could hide in.
  public static let noise: @Sendable (Int, Int, Int) -> Int = { x, y, channel in
    var hash = UInt64(truncatingIfNeeded: x &* 73_856_093 ^ y &* 19_349_663 ^ channel &* 83_492_791)
    hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
    return Int((hash ^ (hash >> 29)) & 255)
  }

  /// Fills the tile; a source of one pass traps when it is read out of order.
  public func read(into tile: inout Tile) throws(TesseraError) {
    let region = tile.region
    if !info.isRandomAccess {
      nextRow.withLock { next in
        precondition(region.y == next && region.width == info.width, "\(region) read out of order")
        next = region.y + region.height
      }
    }
    if let failingRow, region.rows.contains(failingRow) {
      throw TesseraError("memory", "reading row \(failingRow)", "the test wants it to fail")
    }
    for row in region.rows {
      switch tile.format {
      case .uint8: fill(row, of: &tile, as: UInt8.self) { UInt8($0) }
      case .uint16: fill(row, of: &tile, as: UInt16.self) { UInt16($0) }
      case .float32: fill(row, of: &tile, as: Float.self) { Float($0) / 255 }
      }
    }
  }

  private func fill<S: Sample>(
    _ row: Int, of tile: inout Tile, as: S.Type, _ convert: (Int) -> S
  ) {
    let (columns, channels) = (tile.region.columns, tile.channels)
    tile.withMutableRow(row, columns: columns, as: S.self) { samples in
      for (index, column) in columns.enumerated() {
        for channel in 0..<channels {
          samples[index * channels + channel] = convert(value(column, row, channel))
        }
      }
    }
  }

  /// The same image for another pass; this one stays where it is.
  public func reopened() throws(TesseraError) -> any ImageSource {
    info.isRandomAccess ? self : MemorySource(info, value, failingRow)
  }

  private init(
    _ info: ImageInfo, _ value: @escaping @Sendable (Int, Int, Int) -> Int, _ failingRow: Int?
  ) {
    self.info = info
    self.value = value
    self.failingRow = failingRow
  }

  /// Reduces the image; calibration of a test pair may read it while a run has not begun.
  public func overview(reduction: Int) throws(TesseraError) -> Tile {
    let copy = MemorySource(
      width: info.width, height: info.height, channels: info.channels, hasAlpha: info.hasAlpha,
      format: info.sampleFormat, value: value)
    return try BoxReduction(copy).overview(reduction: reduction)
  }
}

/// Reaches the reduction that sources without levels get.
private final class BoxReduction: ImageSource {
  let source: MemorySource
  var info: ImageInfo { source.info }
  init(_ source: MemorySource) { self.source = source }
  func read(into tile: inout Tile) throws(TesseraError) { try source.read(into: &tile) }
}
