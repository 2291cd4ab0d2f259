public import Base
public import TesseraPlugin

/// How the samples of a JPEG stream are coded.
enum JPEGCoding: Sendable, Hashable {
  case gray
  /// Red, green and blue as they are, all at full resolution.
  case rgb
  /// Luma, and chroma at half resolution across, and `down` too.
  case yCbCr(isHalvedDown: Bool)
}

/// The compressed tiles of a source, to be copied as they are.
public final class StoredJPEGTiles: Sendable {
  /// Side of a tile.
  let side: Int
  let coding: JPEGCoding
  /// The tables that all tiles share; empty where each has its own.
  let tables: [UInt8]
  private let across: Int
  private let load: @Sendable (Int) throws(TesseraError) -> [UInt8]

  init(
    side: Int, coding: JPEGCoding, tables: [UInt8], across: Int,
    load: @escaping @Sendable (Int) throws(TesseraError) -> [UInt8]
  ) {
    self.side = side
    self.coding = coding
    self.tables = tables
    self.across = across
    self.load = load
  }

  /// The stream of the tile that begins at a pixel.
  func bytes(x: Int, y: Int) throws(TesseraError) -> [UInt8] {
    try load(y / side * across + x / side)
  }
}

/// Which tiles of level 0 are copied compressed, instead of being compressed a second time.
public final class TileCopies: Sendable, Hashable {
  let tiles: StoredJPEGTiles
  private let isKept: @Sendable (PixelRegion) -> Bool

  /// Copies the tiles whose pixels are passed through, which `isKept` tells.
  public init(_ tiles: StoredJPEGTiles, isKept: @escaping @Sendable (PixelRegion) -> Bool) {
    self.tiles = tiles
    self.isKept = isKept
  }

  /// The stream of a tile that is copied; nil for one whose pixels may have changed.
  func bytes(of tile: PixelRegion) throws(TesseraError) -> [UInt8]? {
    isKept(tile) ? try tiles.bytes(x: tile.x, y: tile.y) : nil
  }

  /// The same object.
  public static func == (a: TileCopies, b: TileCopies) -> Bool { a === b }

  /// Hashes the object.
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
