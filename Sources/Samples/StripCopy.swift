public import Base
import Dispatch
import Synchronization
import TesseraPlugin
public import TileIO

/// Writes all of `source` to `sink`, strip by strip, and finishes it; discards it on an error.
///
/// The windows of a strip, 1024 columns each, are read on `pool` while the strip before is being
/// written. A source without random access is read on the calling thread.
public func copy(
  from source: any ImageSource, to sink: any ImageSink, pool: WorkerPool, stripHeight: Int = 256
) throws(TesseraError) {
  precondition(stripHeight > 0, "strips of \(stripHeight) rows")
  do throws(TesseraError) {
    if source.info.isRandomAccess {
      try copyAhead(source, sink, pool, stripHeight)
    } else {
      for region in strips(of: source.info, height: stripHeight) {
        var strip = Tile(
          region: region, channels: source.info.channels, format: source.info.sampleFormat)
        try source.read(into: &strip)
        try sink.write(strip)
      }
    }
    try sink.finish()
  } catch {
    sink.discard()
    throw error
  }
}

private func strips(of info: ImageInfo, height: Int) -> [PixelRegion] {
  stride(from: 0, to: info.height, by: height).map {
    PixelRegion(x: 0, y: $0, width: info.width, height: min(height, info.height - $0))
  }
}

private func copyAhead(
  _ source: any ImageSource, _ sink: any ImageSink, _ pool: WorkerPool, _ height: Int
) throws(TesseraError) {
  let info = source.info
  let buffers = (0..<2).map { _ in StripBuffer(info: info, height: min(height, info.height)) }
  let regions = strips(of: info, height: height)
  buffers[0].beginFilling(regions[0], from: source, on: pool)
  for (index, region) in regions.enumerated() {
    let buffer = buffers[index % 2]
    try buffer.waitUntilFilled()
    if index + 1 < regions.count {
      buffers[(index + 1) % 2].beginFilling(regions[index + 1], from: source, on: pool)
    }
    try buffer.withTile(of: region) { strip throws(TesseraError) in try sink.write(strip) }
  }
}

/// The memory of one strip, filled in the background.
private final class StripBuffer: @unchecked Sendable {
  // Sendable: the memory is written between `beginFilling` and `waitUntilFilled` only, in windows
  // that do not overlap, and read by the one thread that called both; `failure` is locked.
  private let info: ImageInfo
  private let memory: UnsafeMutableRawPointer
  private let filling = DispatchGroup()
  private let failure = Mutex<TesseraError?>(nil)

  init(info: ImageInfo, height: Int) {
    self.info = info
    memory = .allocate(byteCount: Self.bytesPerRow(info) * height, alignment: 64)
  }

  deinit {
    // An error elsewhere may have left the copy while this strip was being filled.
    filling.wait()
    memory.deallocate()
  }

  private static func bytesPerRow(_ info: ImageInfo) -> Int {
    info.width * info.channels * info.sampleFormat.bytes
  }

  func beginFilling(_ region: PixelRegion, from source: any ImageSource, on pool: WorkerPool) {
    DispatchQueue.global().async(group: filling) { [self] in
      do throws(TesseraError) {
        let columns = 1024
        let count = (region.width + columns - 1) / columns
        try pool.run(count, throwing: TesseraError.self) { [self] index throws(TesseraError) in
          let left = index * columns
          let window = PixelRegion(
            x: left, y: region.y, width: min(columns, region.width - left), height: region.height)
          var tile = Tile(
            lending: memory + left * info.channels * info.sampleFormat.bytes,
            bytesPerRow: Self.bytesPerRow(info), region: window, channels: info.channels,
            format: info.sampleFormat)
          try source.read(into: &tile)
        }
      } catch {
        failure.withLock { $0 = error }
      }
    }
  }

  func waitUntilFilled() throws(TesseraError) {
    filling.wait()
    if let error = failure.withLock({ $0 }) { throw error }
  }

  func withTile(
    of region: PixelRegion, _ body: (borrowing Tile) throws(TesseraError) -> Void
  ) throws(TesseraError) {
    let tile = Tile(
      lending: memory, bytesPerRow: Self.bytesPerRow(info), region: region,
      channels: info.channels, format: info.sampleFormat)
    try body(tile)
  }
}
