import Foundation
import Inference
import ModelGraph

/// The networks of a calibration's stages, compiled ahead of their use on threads of their own.
///
/// Whoever takes one owns it: all of them together take many times the memory of one, so they are
/// best released one by one.
final class StageModels: Sendable {
  private let queues: [BoundedQueue<Result<CompiledModel, any Error>>]
  private let finished = DispatchSemaphore(value: 0)

  /// Begins to compile `count` stages, `ahead` of them at once.
  init(
    count: Int, ahead: Int, _ compile: @escaping @Sendable (_ stage: Int) throws -> CompiledModel
  ) {
    queues = (0..<max(1, ahead)).map { _ in BoundedQueue(capacity: 1) }
    for (first, queue) in queues.enumerated() {
      let (step, finished) = (queues.count, finished)
      let thread = Thread {
        for stage in stride(from: first, to: count, by: step) {
          let result = Result { try compile(stage) }
          guard queue.push(result), case .success = result else { break }
        }
        queue.close()
        finished.signal()
      }
      thread.name = "tessera compiler \(first)"
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// The network of a stage; each is given once, in their order.
  func take(_ stage: Int) throws -> CompiledModel {
    guard let result = queues[stage % queues.count].pop() else {
      throw InferenceError("compiling the model", "it was stopped")
    }
    return try result.get()
  }

  /// Stops compiling and waits for the threads.
  func stop() {
    for queue in queues { queue.close() }
    for _ in queues { finished.wait() }
    for _ in queues { finished.signal() }
  }
}
