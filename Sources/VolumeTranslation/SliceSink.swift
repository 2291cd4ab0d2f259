import Base
import TesseraPlugin
import TileIO

/// Keeps the samples of a translated slice.
final class SliceSink: ImageSink {
  /// Row by row; one channel.
  private(set) var samples: [Float] = []

  func write(_ strip: borrowing Tile) throws(TesseraError) {
    for row in strip.region.rows {
      strip.withRow(row, columns: strip.region.columns, as: Float.self) { values in
        values.withUnsafeBufferPointer { samples.append(contentsOf: $0) }
      }
    }
  }

  func finish() throws(TesseraError) {}

  func discard() { samples = [] }
}
