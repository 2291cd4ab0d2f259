import Base
import TesseraPlugin
import TileIO

/// Reads the blocks of an image ahead of the stage that needs them, on a thread of its own.
final class RowReader: Sendable {
  private let blocks = BoundedQueue<Result<PixelBlock, TesseraError>>(capacity: 1)
  private let spent = BoundedQueue<PixelBlock>(capacity: 4)
  private let thread: BackgroundThread<Void>

  init(_ source: any ImageSource, plan: WindowPlan, pool: WorkerPool) {
    let (blocks, spent) = (blocks, spent)
    thread = BackgroundThread("reader") {
      let info = source.info
      for rows in plan.blocks {
        let region = PixelRegion(columns: 0..<info.width, rows: rows)
        let block =
          spent.tryPop().flatMap { PixelBlock(reusing: $0, for: region) }
          ?? PixelBlock(region: region, channels: info.channels, format: info.sampleFormat)
        let result = Result { () throws(TesseraError) in
          try RowReader.fill(block, from: source, plan: plan, pool: pool)
          return block
        }
        guard blocks.push(result), case .success = result else { break }
      }
      blocks.close()
    }
  }

  private static func fill(
    _ block: PixelBlock, from source: any ImageSource, plan: WindowPlan, pool: WorkerPool
  ) throws(TesseraError) {
    guard let columns = plan.readColumns else {
      var tile = block.lend(block.region)
      return try source.read(into: &tile)
    }
    try pool.run(columns.count, throwing: TesseraError.self) { index throws(TesseraError) in
      var tile = block.lend(PixelRegion(columns: columns[index], rows: block.region.rows))
      try source.read(into: &tile)
    }
  }

  /// The next block, top to bottom; nil after the last.
  func next() throws(TesseraError) -> PixelBlock? {
    try blocks.pop()?.get()
  }

  /// Gives back a block whose memory may be used again.
  func recycle(_ block: PixelBlock) {
    // A full queue would make the caller wait, so the rest is simply released.
    spent.offer(block)
  }

  /// Stops reading and waits for the thread.
  func stop() {
    blocks.close()
    spent.close()
    thread.wait()
  }
}
