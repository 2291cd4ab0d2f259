import Base
import Foundation

/// Makes the examples of coming steps on threads of its own, in the order of the steps.
///
/// What a step gets follows from the seed and its number alone, so a run that is resumed goes on with
/// the same pictures.
final class ExampleLoader: @unchecked Sendable {
  // Sendable: everything that changes is guarded by `condition`.

  /// The pictures of a step.
  struct Batch: Sendable {
    var step: Int
    var examples: [TrainingExample]
  }

  private let data: Dataset
  private let batchSize: Int
  private let seed: UInt64
  private let lastStep: Int
  private let capacity: Int
  private let condition = NSCondition()
  private var ready: [Int: Result<Batch, TesseraError>] = [:]
  private var nextToMake: Int
  private var nextToTake: Int
  private var isClosed = false
  private var skippedFiles: [String: String] = [:]
  private var untold: [String] = []
  private var orders: [Int: [Int]] = [:]
  private var threads: [BackgroundThread<Void>] = []

  /// Steps of an epoch.
  let stepsPerEpoch: Int

  /// Share of unreadable files above which a run stops.
  static let toleratedPercent = 5

  init(
    _ data: Dataset, batchSize: Int, seed: UInt64, steps: Range<Int>,
    threads count: Int = min(4, WorkerPool.availableProcessors)
  ) {
    self.data = data
    self.batchSize = batchSize
    self.seed = seed
    lastStep = steps.upperBound
    capacity = max(4, 2 * count)
    stepsPerEpoch = max(1, data.count / batchSize)
    (nextToMake, nextToTake) = (steps.lowerBound, steps.lowerBound)
    threads = (0..<count).map { index in
      BackgroundThread("loader \(index)") { [unowned self] in self.work() }
    }
  }

  /// Ends the threads; has to be called before the loader goes.
  func stop() {
    condition.lock()
    isClosed = true
    condition.broadcast()
    condition.unlock()
    for thread in threads { thread.wait() }
  }

  /// The next step's pictures, and how long they had to be waited for, in s.
  func next() throws(TesseraError) -> (batch: Batch, wait: Double) {
    let start = ContinuousClock.now
    condition.lock()
    while ready[nextToTake] == nil, !isClosed, nextToTake < lastStep { condition.wait() }
    let result = ready.removeValue(forKey: nextToTake)
    if result != nil { nextToTake += 1 }
    condition.broadcast()
    condition.unlock()
    let wait = (ContinuousClock.now - start) / .seconds(1)
    guard let result else {
      throw TesseraError(
        "training data", "reading it", "there are no more pictures: the run has ended")
    }
    return (try result.get(), wait)
  }

  /// What is to be said of files skipped since the last call.
  func takeWarnings() -> [String] {
    condition.lock()
    defer { condition.unlock() }
    defer { untold = [] }
    return untold
  }

  private func work() {
    while let step = claim() {
      let result = Result { () throws(TesseraError) in try make(step) }
      condition.lock()
      ready[step] = result
      condition.broadcast()
      condition.unlock()
    }
  }

  private func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while nextToMake - nextToTake >= capacity, !isClosed { condition.wait() }
    guard !isClosed, nextToMake < lastStep else { return nil }
    defer { nextToMake += 1 }
    return nextToMake
  }

  private func make(_ step: Int) throws(TesseraError) -> Batch {
    let (epoch, place) = (step / stepsPerEpoch, step % stepsPerEpoch)
    let order = order(epoch)
    var examples: [TrainingExample] = []
    for index in 0..<batchSize {
      let position = place * batchSize + index
      examples.append(try example(order, epoch, position))
    }
    let sizes = Set(examples.map { $0.source.size + [$0.target.height, $0.target.width] })
    guard sizes.count == 1 else {
      throw TesseraError(
        "training data", "making a batch",
        "its pictures differ in size after --preprocess \(data.options.preprocess.rawValue): use"
          + " --batch-size 1, or another --preprocess")
    }
    return Batch(step: step, examples: examples)
  }

  /// The example at a position; where a file cannot be read, the one after it.
  private func example(
    _ order: [Int], _ epoch: Int, _ position: Int
  ) throws(TesseraError) -> TrainingExample {
    for attempt in 0..<order.count {
      let index = order[(position + attempt) % order.count]
      do throws(TesseraError) {
        return try data.example(
          index, epoch: epoch, place: position, attempt: attempt, seed: seed)
      } catch {
        try skip(error)
      }
    }
    throw TesseraError(
      "training data", "reading it", "none of the \(order.count) examples can be read")
  }

  private func skip(_ fault: TesseraError) throws(TesseraError) {
    condition.lock()
    defer { condition.unlock() }
    guard skippedFiles.updateValue(fault.description, forKey: fault.path) == nil else { return }
    untold.append("\(fault) (skipped)")
    guard 100 * skippedFiles.count > Self.toleratedPercent * data.fileCount else { return }
    throw TesseraError(
      fault.path, fault.action,
      "\(fault.reason); \(skippedFiles.count) of \(data.fileCount) cannot be used, which is more than "
        + "\(Self.toleratedPercent) %: repair or remove them")
  }

  private func order(_ epoch: Int) -> [Int] {
    condition.lock()
    defer { condition.unlock() }
    if let known = orders[epoch] { return known }
    var order = Array(0..<data.count)
    if !data.options.isSerial {
      var numbers = SeededNumbers(seed: seed, .order, epoch)
      order = numbers.sample(data.count, of: data.count)
    }
    orders = orders.filter { $0.key >= epoch - 1 }
    orders[epoch] = order
    return order
  }
}
