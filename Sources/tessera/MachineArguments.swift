import ArgumentParser
import Base
import TileIO

/// How much of the machine a run may use, and what it accepts.
struct MachineArguments: ParsableArguments {
  @Option(help: "Use so many threads (default: all processors).")
  var threads: Int?

  @Option(help: "Refuse images that claim more pixels than this.")
  var maxPixels = ImageFile.Limits().pixels

  mutating func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024.")
    }
    guard maxPixels > 0 else { throw ValidationError("--max-pixels takes a positive number.") }
  }

  var pool: WorkerPool { WorkerPool(count: threads ?? WorkerPool.availableProcessors) }
  var limits: ImageFile.Limits { ImageFile.Limits(pixels: maxPixels) }
}
