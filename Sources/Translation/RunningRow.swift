import Base
import TesseraPlugin

/// A row of windows that the threads of a pool are translating.
struct RunningRow {
  /// The rows of the image whose translation it makes.
  let rows: Range<Int>
  private let strip: PixelBlock
  private let loop: PoolLoop<PairError>

  /// Begins to fill `strip` from `blocks`, which hold all rows that the windows read.
  init(
    _ row: Int, of plan: WindowPlan, blocks: [PixelBlock], strip: PixelBlock,
    _ translation: WindowTranslation, on pool: WorkerPool
  ) {
    rows = plan.rows.pieces[row].core
    self.strip = strip
    loop = pool.begin(plan.columns.pieces.count, throwing: PairError.self) {
      column throws(PairError) in
      let (window, core) = plan.window(row: row, column: column)
      try translation.run(window, core: core, blocks: blocks, strip: strip)
    }
  }

  /// Waits for the last window and hands the strip on.
  func write(to writer: StripWriter) throws {
    try loop.wait()
    try writer.write(strip)
  }

  /// Waits until no thread works on it, whatever became of it.
  func end() { try? loop.wait() }
}
