import TesseraPlugin

/// Memory for full rows of an image that threads fill and read piece by piece.
final class PixelBlock: @unchecked Sendable {
  // Sendable: the stages of a run hand a block on through queues, and the threads of one stage
  // write to disjoint regions of it.

  let region: PixelRegion
  let channels: Int
  let format: SampleFormat
  private let bytesPerRow: Int
  private let base: UnsafeMutableRawPointer

  /// Allocates rows whose samples are undefined.
  init(region: PixelRegion, channels: Int, format: SampleFormat) {
    self.region = region
    self.channels = channels
    self.format = format
    bytesPerRow = region.width * channels * format.bytes
    base = .allocate(byteCount: bytesPerRow * region.height, alignment: 64)
  }

  /// Takes the memory of a block that is no longer needed for rows elsewhere in the image.
  init?(reusing block: PixelBlock, for region: PixelRegion) {
    guard block.region.width == region.width, block.region.height >= region.height,
      let memory = block.releaseMemory()
    else { return nil }
    self.region = region
    channels = block.channels
    format = block.format
    bytesPerRow = block.bytesPerRow
    base = memory
  }

  private var ownsMemory = true

  private func releaseMemory() -> UnsafeMutableRawPointer? {
    guard ownsMemory else { return nil }
    ownsMemory = false
    return base
  }

  deinit {
    if ownsMemory { base.deallocate() }
  }

  /// A tile over part of the block, which must outlive it.
  func lend(_ part: PixelRegion) -> Tile {
    precondition(region.contains(part), "\(part) of the block \(region)")
    return Tile(
      lending: base + (part.y - region.y) * bytesPerRow
        + (part.x - region.x) * channels * format.bytes, bytesPerRow: bytesPerRow, region: part,
      channels: channels, format: format)
  }
}
