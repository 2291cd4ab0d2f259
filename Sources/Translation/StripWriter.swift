import Base
import TesseraPlugin
import TileIO

/// Hands finished strips to a sink in order, on a thread of its own.
final class StripWriter: Sendable {
  private let strips = BoundedQueue<PixelBlock>(capacity: 1)
  private let spent = BoundedQueue<PixelBlock>(capacity: 2)
  /// Ends with what went wrong, if anything did.
  private let thread: BackgroundThread<TesseraError?>

  /// Starts writing; the sink belongs to the writer until ``finish()`` or ``stop()`` returns.
  init(_ sink: any ImageSink) {
    let (strips, spent) = (strips, spent)
    nonisolated(unsafe) let sink = sink
    thread = BackgroundThread("writer") {
      while let strip = strips.pop() {
        do throws(TesseraError) {
          try sink.write(strip.lend(strip.region))
        } catch {
          strips.close()
          return error
        }
        spent.offer(strip)
      }
      return nil
    }
  }

  /// Memory for a strip.
  func strip(_ region: PixelRegion, channels: Int, format: SampleFormat) -> PixelBlock {
    spent.tryPop().flatMap { PixelBlock(reusing: $0, for: region) }
      ?? PixelBlock(region: region, channels: channels, format: format)
  }

  /// Queues the next strip; throws what went wrong with an earlier one.
  func write(_ strip: PixelBlock) throws(TesseraError) {
    guard strips.push(strip) else {
      throw thread.wait() ?? TesseraError("output", "writing", "the writer has stopped")
    }
  }

  /// Waits until every strip has been written.
  func finish() throws(TesseraError) {
    strips.close()
    if let error = thread.wait() { throw error }
  }

  /// Lets nothing more in and waits for the thread.
  func stop() {
    strips.close()
    thread.wait()
  }
}
