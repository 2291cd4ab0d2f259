import Base
internal import CTIFF
import Synchronization
import TesseraPlugin

/// One channel of a tiled TIFF that keeps each in tiles of its own (planar configuration 2), which
/// libvips does not read.
final class TIFFPlane: ImageSource {
  var info: ImageInfo { levels[0].info }
  private let levels: [Level]

  /// The plane of a channel at all resolutions.
  init(_ levels: [Level]) { self.levels = levels }

  func read(into tile: inout Tile) throws(TesseraError) { try levels[0].read(into: &tile) }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    for level in levels.reversed() {
      let downsample = max(1, info.width / level.info.width)
      guard reduction % downsample == 0,
        level.info.width / (reduction / downsample) == info.width / reduction,
        level.info.height / (reduction / downsample) == info.height / reduction
      else { continue }
      return try level.overview(reduction: reduction / downsample)
    }
    return try levels[0].overview(reduction: reduction)
  }

  /// A plane at one resolution.
  final class Level: ImageSource {
    let info: ImageInfo
    private let level: VipsLevel
    private let plane: Int
    private let tile: ImageInfo.Level
    private let pieces: StoredPieces
    private let idle = Mutex<[Handle]>([])

    /// Takes plane number `plane` of a directory; `info` is that of one channel.
    init(
      _ level: VipsLevel, plane: Int, tile: ImageInfo.Level, info: ImageInfo, pieces: StoredPieces
    ) {
      self.level = level
      self.plane = plane
      self.tile = tile
      self.info = info
      self.pieces = pieces
    }

    func read(into output: inout Tile) throws(TesseraError) {
      let region = output.region
      try pieces.check(region)
      let handle = try takeHandle()
      defer { idle.withLock { $0.append(handle) } }
      for y in stride(
        from: region.y / tile.height * tile.height, to: region.rows.upperBound, by: tile.height)
      {
        for x in stride(
          from: region.x / tile.width * tile.width, to: region.columns.upperBound, by: tile.width)
        {
          let stored = PixelRegion(x: x, y: y, width: tile.width, height: tile.height)
          guard handle.load(x: x, y: y, plane: plane) else {
            throw TesseraError(
              level.path,
              "decoding tile \(x / tile.width), \(y / tile.height) of channel \(plane + 1)",
              "it cannot be decoded; the file is damaged, or compressed in a way that libtiff does not "
                + "know")
          }
          handle.buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let decoded = Tile(
              lending: base, bytesPerRow: tile.width * info.sampleFormat.bytes, region: stored,
              channels: 1, format: info.sampleFormat)
            output.copy(stored.intersection(region), from: decoded)
          }
        }
      }
    }

    private func takeHandle() throws(TesseraError) -> Handle {
      if let handle = idle.withLock({ $0.popLast() }) { return handle }
      let size = ImageInfo.Level(width: info.width, height: info.height)
      guard let handle = Handle(level, size: size) else {
        throw TesseraError(level.path, "opening", "it cannot be opened any more")
      }
      return handle
    }
  }

  /// The file at one directory, for one thread at a time.
  private final class Handle: @unchecked Sendable {
    // Sendable: handed from thread to thread through a lock, used by one at a time.
    private let tiff: OpaquePointer
    var buffer: [UInt8]

    init?(_ level: VipsLevel, size: ImageInfo.Level) {
      ctiff_silence()
      guard let tiff = TIFFOpen(level.path, "rm") else { return nil }
      self.tiff = tiff
      buffer = []
      guard TIFFDirectory.select(level, size: size, of: tiff) != nil else { return nil }
      buffer = [UInt8](repeating: 0, count: Int(clamping: TIFFTileSize64(tiff)))
    }

    deinit { TIFFClose(tiff) }

    /// Decodes the tile that begins at a pixel into the buffer.
    func load(x: Int, y: Int, plane: Int) -> Bool {
      guard let column = UInt32(exactly: x), let row = UInt32(exactly: y),
        let plane = UInt16(exactly: plane)
      else { return false }
      let index = TIFFComputeTile(tiff, column, row, 0, plane)
      // No bytes where nothing was scanned: the background is what OpenSlide and libtiff make of it.
      guard TIFFGetStrileByteCount(tiff, index) > 0 else {
        buffer = [UInt8](repeating: 255, count: buffer.count)
        return true
      }
      let count = buffer.count
      return buffer.withUnsafeMutableBytes {
        TIFFReadEncodedTile(tiff, index, $0.baseAddress, tmsize_t(count)) == count
      }
    }
  }
}
