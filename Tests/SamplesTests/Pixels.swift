import Base
import Samples
import Synchronization
import TesseraPlugin
import TileIO

/// The bytes of `region` of `source`, read in one piece.
func pixels(_ source: any ImageSource, _ region: PixelRegion) throws -> [UInt8] {
  var tile = Tile(
    region: region, channels: source.info.channels, format: source.info.sampleFormat)
  try source.read(into: &tile)
  return bytes(tile)
}

/// The bytes of a tile.
func bytes(_ tile: borrowing Tile) -> [UInt8] {
  let count = tile.bytesPerRow * tile.region.height
  return tile.withUnsafeBytes { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
}

/// The part `part` of the bytes of `whole`, which are those of `region` with three channels.
func cut(_ part: PixelRegion, from whole: [UInt8], of region: PixelRegion) -> [UInt8] {
  part.rows.flatMap { y in
    let start = ((y - region.y) * region.width + part.x - region.x) * 3
    return whole[start..<start + part.width * 3]
  }
}

/// A sink that keeps what it is given.
final class CollectingSink: ImageSink {
  var bytes: [UInt8] = []
  var nextRow = 0
  var isFinished = false
  var isDiscarded = false
  let failsAtRow: Int?

  init(failsAtRow: Int? = nil) { self.failsAtRow = failsAtRow }

  func write(_ strip: borrowing Tile) throws(TesseraError) {
    if let failsAtRow, strip.region.rows.contains(failsAtRow) {
      throw TesseraError("sink", "writing", "the disk is full")
    }
    guard strip.region.x == 0, strip.region.y == nextRow else {
      throw TesseraError("sink", "writing", "expected row \(nextRow), got \(strip.region)")
    }
    nextRow += strip.region.height
    bytes += SamplesTests.bytes(strip)
  }

  func finish() throws(TesseraError) { isFinished = true }

  func discard() { isDiscarded = true }
}
