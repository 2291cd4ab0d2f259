import Foundation
import Synchronization
import TesseraPlugin
import TileIO

/// Hands finished strips to a sink in order, on a thread of its own.
final class StripWriter: Sendable {
  private let strips = BoundedQueue<PixelBlock>(capacity: 1)
  private let spent = BoundedQueue<PixelBlock>(capacity: 2)
  private let finished = DispatchSemaphore(value: 0)
  private let failure = Failure()

  private final class Failure: Sendable {
    private let value = Mutex<ImageError?>(nil)
    var error: ImageError? { value.withLock { $0 } }
    func record(_ error: ImageError) { value.withLock { $0 = error } }
  }

  /// Starts writing; the sink belongs to the writer until ``finish()`` or ``stop()`` returns.
  init(_ sink: any ImageSink) {
    let (strips, spent, finished, failure) = (strips, spent, finished, failure)
    nonisolated(unsafe) let sink = sink
    let thread = Thread {
      while let strip = strips.pop() {
        do throws(ImageError) {
          try sink.write(strip.lend(strip.region))
        } catch {
          failure.record(error)
          strips.close()
          break
        }
        spent.offer(strip)
      }
      finished.signal()
    }
    thread.name = "tessera writer"
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// Memory for a strip.
  func strip(_ region: PixelRegion, channels: Int, format: SampleFormat) -> PixelBlock {
    spent.tryPop().flatMap { PixelBlock(reusing: $0, for: region) }
      ?? PixelBlock(region: region, channels: channels, format: format)
  }

  /// Queues the next strip; throws what went wrong with an earlier one.
  func write(_ strip: PixelBlock) throws(ImageError) {
    guard strips.push(strip) else {
      stop()
      throw failure.error ?? ImageError("output", "writing", "the writer has stopped")
    }
  }

  /// Waits until every strip has been written.
  func finish() throws(ImageError) {
    stop()
    if let error = failure.error { throw error }
  }

  /// Lets nothing more in and waits for the thread.
  func stop() {
    strips.close()
    finished.wait()
    finished.signal()
  }
}
