import Base
internal import CTIFF
import Foundation
import Synchronization
import TesseraPlugin

/// A tiled TIFF (an Aperio slide too) whose 8-bit JPEG tiles are decoded on all threads at once.
///
/// libvips decodes such tiles one at a time. Reading a 16384² JPEG slide is bound by this decoder,
/// so it is worth a path of its own; the pixels are the same, bit for bit.
final class JPEGTileSource: ImageSource {
  var info: ImageInfo { fallback.info }

  private let path: String
  private let fallback: VipsSource
  private let file: FileHandle
  private let tileWidth: Int
  private let tileHeight: Int
  private let tilesAcross: Int
  private let offsets: [UInt64]
  private let byteCounts: [UInt64]
  private let tables: [UInt8]
  private let color: JPEGTileDecoder.Color
  /// How the chroma of YCbCr is reduced, across and down.
  private let subsampling: (across: Int, down: Int)
  private let idle = Mutex<[Workspace]>([])

  /// What one thread needs to decode a tile.
  private final class Workspace: @unchecked Sendable {
    // Sendable: handed from thread to thread through a lock, used by one at a time.
    let decoder: JPEGTileDecoder
    var compressed: [UInt8] = []
    var pixels: [UInt8]

    init?(pixels count: Int) {
      guard let decoder = JPEGTileDecoder() else { return nil }
      self.decoder = decoder
      pixels = [UInt8](repeating: 0, count: count)
    }
  }

  /// Takes over from `fallback` if level 0 of the file is stored in a way this source reads.
  init?(_ path: String, fallback: VipsSource) {
    let info = fallback.info
    guard fallback.loader.hasPrefix("VipsForeignLoadTiff") || info.format == "Aperio slide",
      info.sampleFormat == .uint8, info.channels == 3 || info.channels == 1,
      info.orientation == 1, info.storedAs == nil
    else { return nil }
    ctiff_silence()
    guard let tiff = TIFFOpen(path, "rm") else { return nil }
    defer { TIFFClose(tiff) }
    guard let first = TIFFDirectory.current(of: tiff), first.width == info.width,
      first.height == info.height, let tile = first.tile, first.compression == 7,
      first.bitsPerSample == 8, first.samplesPerPixel == info.channels, !first.isPlanar,
      tile.width > 0, tile.height > 0
    else { return nil }
    switch (first.photometric, info.channels) {
    case (Int(PHOTOMETRIC_YCBCR), 3): color = .yCbCr
    case (Int(PHOTOMETRIC_RGB), 3): color = .rgb
    case (Int(PHOTOMETRIC_MINISBLACK), 1): color = .gray
    default: return nil
    }
    tables = TIFFDirectory.jpegTables(of: tiff)
    var (across, down) = (UInt16(1), UInt16(1))
    _ = ctiff_get_pair_u16(tiff, UInt32(TIFFTAG_YCBCRSUBSAMPLING), &across, &down)
    subsampling = (Int(across), Int(down))
    tileWidth = tile.width
    tileHeight = tile.height
    tilesAcross = (first.width + tile.width - 1) / tile.width
    let tiles = tilesAcross * ((first.height + tile.height - 1) / tile.height)
    guard TIFFNumberOfTiles(tiff) == tiles else { return nil }
    offsets = (0..<UInt32(tiles)).map { TIFFGetStrileOffset(tiff, $0) }
    byteCounts = (0..<UInt32(tiles)).map { TIFFGetStrileByteCount(tiff, $0) }
    // OpenSlide knows what a missing tile looks like.
    guard !byteCounts.contains(0), let file = FileHandle(forReadingAtPath: path) else { return nil }
    self.file = file
    self.path = path
    self.fallback = fallback
  }

  var storedJPEGTiles: StoredJPEGTiles? {
    let coding: JPEGCoding
    switch (color, subsampling) {
    case (.gray, _): coding = .gray
    case (.rgb, _): coding = .rgb
    case (.yCbCr, (2, 2)): coding = .yCbCr(isHalvedDown: true)
    case (.yCbCr, (2, 1)): coding = .yCbCr(isHalvedDown: false)
    // Others are ones that some readers show in wrong colors.
    case (.yCbCr, _): return nil
    }
    guard tileWidth == tileHeight, tileWidth % 16 == 0 else { return nil }
    return StoredJPEGTiles(side: tileWidth, coding: coding, tables: tables, across: tilesAcross) {
      [self] index throws(TesseraError) in
      let workspace = try takeWorkspace(channels: info.channels)
      defer { idle.withLock { $0.append(workspace) } }
      try load(index, into: workspace)
      return workspace.compressed
    }
  }

  func overview(reduction: Int) throws(TesseraError) -> Tile {
    try fallback.overview(reduction: reduction)
  }

  func read(into tile: inout Tile) throws(TesseraError) {
    let region = tile.region
    let bytesPerRow = tile.bytesPerRow
    let channels = tile.channels
    let workspace = try takeWorkspace(channels: channels)
    defer { idle.withLock { $0.append(workspace) } }
    let rows = (region.y / tileHeight)...((region.y + region.height - 1) / tileHeight)
    let columns = (region.x / tileWidth)...((region.x + region.width - 1) / tileWidth)
    for row in rows {
      for column in columns {
        let stored = PixelRegion(
          x: column * tileWidth, y: row * tileHeight, width: tileWidth, height: tileHeight)
        let index = row * tilesAcross + column
        try load(index, into: workspace)
        if region.contains(stored) {
          let failure = tile.withUnsafeMutableBytes { base in
            decode(
              workspace,
              into: (base + (stored.y - region.y) * bytesPerRow + (stored.x - region.x) * channels)
                .assumingMemoryBound(to: UInt8.self), bytesPerRow: bytesPerRow)
          }
          try check(failure, index)
        } else {
          var pixels: [UInt8] = []
          swap(&pixels, &workspace.pixels)
          defer { swap(&pixels, &workspace.pixels) }
          let storedBytesPerRow = tileWidth * channels
          let failure = pixels.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap {
              decode(workspace, into: $0, bytesPerRow: storedBytesPerRow)
            }
          }
          try check(failure, index)
          pixels.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            let decoded = Tile(
              lending: base, bytesPerRow: storedBytesPerRow, region: stored, channels: channels,
              format: .uint8)
            tile.copy(stored.intersection(region), from: decoded)
          }
        }
      }
    }
  }

  private func decode(
    _ workspace: Workspace, into output: UnsafeMutablePointer<UInt8>, bytesPerRow: Int
  ) -> String? {
    workspace.compressed.withUnsafeBytes {
      workspace.decoder.decode(
        $0, tables: tables, color: color, width: tileWidth, height: tileHeight, into: output,
        bytesPerRow: bytesPerRow)
    }
  }

  private func check(_ failure: String?, _ index: Int) throws(TesseraError) {
    guard let failure else { return }
    throw TesseraError(
      path, "decoding tile \(index % tilesAcross), \(index / tilesAcross)",
      "\(failure); the file is damaged, copy it again from its origin")
  }

  private func load(_ index: Int, into workspace: Workspace) throws(TesseraError) {
    let count = Int(clamping: byteCounts[index])
    // No tile is ten times larger than its pixels: such a count comes from a damaged directory.
    guard count <= 10 * tileWidth * tileHeight * info.channels + 65536 else {
      throw TesseraError(
        path, "reading tile \(index)", "it claims \(count) bytes; the file is damaged")
    }
    workspace.compressed.removeAll(keepingCapacity: true)
    workspace.compressed.reserveCapacity(count)
    workspace.compressed.append(contentsOf: repeatElement(0, count: count))
    let done = workspace.compressed.withUnsafeMutableBytes {
      pread(file.fileDescriptor, $0.baseAddress, count, off_t(clamping: offsets[index]))
    }
    guard done == count else {
      throw TesseraError(
        path, "reading tile \(index % tilesAcross), \(index / tilesAcross)",
        "the file ends early; copy it again from its origin")
    }
  }

  private func takeWorkspace(channels: Int) throws(TesseraError) -> Workspace {
    if let workspace = idle.withLock({ $0.popLast() }) { return workspace }
    guard let workspace = Workspace(pixels: tileWidth * tileHeight * channels) else {
      throw TesseraError(path, "starting libjpeg-turbo", "out of memory")
    }
    return workspace
  }
}
