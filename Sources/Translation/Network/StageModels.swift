import Base
import Inference

/// The networks of a calibration's stages, compiled ahead of their use on threads of their own.
///
/// Whoever takes one owns it: all of them together take many times the memory of one, so they are
/// best released one by one.
final class StageModels: Sendable {
  private let queues: [BoundedQueue<Result<CompiledModel, any Error>>]
  private let known: [CompiledModel]
  private let threads: [BackgroundThread<Void>]

  /// Networks that an earlier calibration left.
  init(_ known: [CompiledModel]) {
    self.known = known
    queues = []
    threads = []
  }

  /// Begins to compile `count` stages, `ahead` of them at once.
  init(
    count: Int, ahead: Int, _ compile: @escaping @Sendable (_ stage: Int) throws -> CompiledModel
  ) {
    let queues = (0..<max(1, ahead)).map { _ in
      BoundedQueue<Result<CompiledModel, any Error>>(capacity: 1)
    }
    self.queues = queues
    known = []
    threads = queues.enumerated().map { first, queue in
      BackgroundThread("compiler \(first)") {
        for stage in stride(from: first, to: count, by: queues.count) {
          let result = Result { try compile(stage) }
          guard queue.push(result), case .success = result else { break }
        }
        queue.close()
      }
    }
  }

  /// The network of a stage; each is given once, in their order.
  func take(_ stage: Int) throws -> CompiledModel {
    if known.indices.contains(stage) { return known[stage] }
    guard let result = queues[stage % queues.count].pop() else {
      throw TesseraError(action: "compiling the model", "it was stopped")
    }
    return try result.get()
  }

  /// Stops compiling and waits for the threads.
  func stop() {
    for queue in queues { queue.close() }
    for thread in threads { thread.wait() }
  }
}
