import Foundation
import TesseraPlugin
import TileIO
import Translation

#if Volumes
  import Volumes
#endif

/// Translates the items of a plan; one that fails never stops the rest.
public struct BatchRunner: Sendable {
  /// Hears what happens; called from any thread.
  public struct Observer: Sendable {
    /// An item is being translated: pixels done, of all pixels of the item.
    public var progress: @Sendable (_ item: BatchItem, _ done: Int, _ total: Int) -> Void
    /// An item has ended.
    public var ended: @Sendable (BatchOutcome) -> Void
    /// Asked often; once true, the items that run are abandoned and no other is begun.
    public var isCancelled: @Sendable () -> Bool

    /// Observes with closures.
    public init(
      progress: @escaping @Sendable (BatchItem, Int, Int) -> Void = { _, _, _ in },
      ended: @escaping @Sendable (BatchOutcome) -> Void = { _ in },
      isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
      self.progress = progress
      self.ended = ended
      self.isCancelled = isCancelled
    }
  }

  /// Images with more pixels have the machine to themselves.
  static let smallImagePixels = 1 << 24

  let engine: TranslationEngine
  let settings: BatchSettings
  let observer: Observer

  /// Prepares a run on `pool`.
  public init(pool: WorkerPool, settings: BatchSettings, observer: Observer = Observer()) {
    engine = TranslationEngine(pool: pool)
    self.settings = settings
    self.observer = observer
  }

  /// Runs the plan and returns an outcome for each item, in the order of the plan.
  public func run(_ plan: BatchPlan) -> [BatchOutcome] {
    let ledger =
      settings.resumes
      ? Ledger(
        directory: plan.directory
          ?? URL(filePath: plan.items[0].output).deletingLastPathComponent().relativePath) : nil
    let parameters = settings.parameters
    let gate = SizeGate()
    let store = OutcomeStore(count: plan.items.count)
    let threads = (0..<min(engine.pool.count, plan.items.count)).map { number in
      BackgroundThread("image \(number)") {
        while let index = store.takeIndex() {
          let item = plan.items[index]
          let outcome = run(item, ledger: ledger, parameters: parameters, gate: gate)
          store.set(index, outcome)
          observer.ended(outcome)
        }
      }
    }
    for thread in threads { thread.wait() }
    return store.outcomes
  }

  private func run(
    _ item: BatchItem, ledger: Ledger?, parameters: String, gate: SizeGate
  ) -> BatchOutcome {
    var outcome = BatchOutcome(
      input: item.input, output: item.output, pair: settings.translation.pair.description.id,
      status: .failed)
    if observer.isCancelled() {
      outcome.status = .cancelled
      outcome.reason = TranslationError.cancelled.message
      return outcome
    }
    if let entry = ledger?.finished(item, parameters: parameters) {
      outcome.status = .skipped
      outcome.reason = "complete, made earlier with the same parameters"
      if let reason = entry.copyReason { outcome.reason? += " (copied: \(reason))" }
      return outcome
    }
    let start = ContinuousClock.now
    do {
      #if Volumes
        if VolumeInput.isVolume(item.input) {
          try translateVolume(item, gate: gate, &outcome)
          guard outcome.status == .translated else { return outcome }
          ledger?.record(item, parameters: parameters, copyReason: nil)
          let pixels = (outcome.width ?? 0) * (outcome.height ?? 0) * (outcome.slices ?? 0)
          finish(&outcome, pixels: pixels, since: start)
          return outcome
        }
      #endif
      try (settings.translation.pair as? NetworkPair)?.checkTakesPictures()
      let source = try open(item)
      outcome.width = source.info.width
      outcome.height = source.info.height
      if source.info.pages > 1 {
        outcome.note = "only the first of \(source.info.pages) pages is translated"
      }
      if settings.isDryRun {
        outcome.status = .planned
        return outcome
      }
      let isLarge = source.info.region.area > BatchRunner.smallImagePixels
      gate.enter(isLarge: isLarge)
      defer { gate.leave(isLarge: isLarge) }
      let result = try translate(source, item)
      if let sidecar = result.sidecar, let place = settings.calibrations {
        try keep(sidecar, of: item, in: place)
      }
      outcome.status = result.copyReason == nil ? .translated : .copied
      outcome.reason = result.copyReason
      ledger?.record(item, parameters: parameters, copyReason: result.copyReason)
      finish(&outcome, pixels: result.width * result.height, since: start)
      return outcome
    } catch let error as ImageError {
      outcome.reason = "\(error.action): \(error.reason)"
      outcome.isInputUnusable = error.path == item.input
      if error.path != item.input { outcome.reason = error.description }
    } catch let error as TranslationError {
      outcome.reason = "translating: \(error.message)"
      outcome.isInputUnusable = true
      if observer.isCancelled() { outcome.status = .cancelled }
    } catch {
      #if Volumes
        if let error = error as? VolumeError {
          outcome.isInputUnusable = error.path.hasPrefix(item.input)
          outcome.reason =
            error.path == item.input ? "\(error.action): \(error.reason)" : error.description
          outcome.peakMemoryMB = ProcessMemory.peakMegabytes
          return outcome
        }
      #endif
      outcome.reason = "translating: \(error)"
      outcome.isInputUnusable = error is PairError
    }
    outcome.peakMemoryMB = ProcessMemory.peakMegabytes
    return outcome
  }

  private func finish(
    _ outcome: inout BatchOutcome, pixels: Int, since start: ContinuousClock.Instant
  ) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    outcome.seconds = seconds
    outcome.megapixelsPerSecond = Double(pixels) / 1e6 / max(seconds, 1e-9)
    outcome.peakMemoryMB = ProcessMemory.peakMegabytes
  }

  private func open(_ item: BatchItem) throws(ImageError) -> any ImageSource {
    let source = try ImageFile.open(
      item.input, limits: settings.limits, as: settings.content)
    let info = TranslationEngine.outputInfo(of: source.info, settings.translation)
    if !settings.isDryRun { try BatchRunner.makeDirectory(of: item.output) }
    if let fault = ImageOutput.fault(path: item.output, info: info, options: settings.output) {
      throw fault
    }
    return source
  }

  private func translate(
    _ source: any ImageSource, _ item: BatchItem
  ) throws -> TranslationResult {
    let width = source.info.width
    return try engine.translate(
      source, settings.translation,
      observer: .init(
        rowsDone: { done, total in observer.progress(item, done * width, total * width) },
        isCancelled: observer.isCancelled)
    ) { info in
      try ImageOutput.open(
        path: item.output, info: info, options: settings.output, pool: engine.pool)
    }
  }

  private func keep(
    _ sidecar: [UInt8], of item: BatchItem, in place: BatchSettings.Calibrations
  ) throws(ImageError) {
    let file: String
    switch place {
    case .file(let path): file = path
    case .directory(let path):
      let stem = URL(filePath: item.output).deletingPathExtension().lastPathComponent
      file = "\(path)/\(stem).calibration.safetensors"
    }
    try BatchRunner.makeDirectory(of: file)
    do {
      try Data(sidecar).write(to: URL(filePath: file), options: .atomic)
    } catch {
      throw ImageError(
        file, "writing the calibration", "it cannot be written; check the path and its permissions")
    }
  }

  static func makeDirectory(of output: String) throws(ImageError) {
    let directory = URL(filePath: output).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw ImageError(
        output, "making its directory",
        "\(directory.relativePath) cannot be created; check the path and its permissions")
    }
  }
}
