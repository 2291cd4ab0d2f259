import Base
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
    let ledger = ledger(of: plan)
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
      outcome.reason = TesseraError.cancelled.reason
      return outcome
    }
    let publication = Publication(item, ledger: ledger, replaces: settings.overwrites)
    let calibration = item.calibration
    let parameters =
      parameters + settings.further.identity(of: item)
      + (settings.regions?.identity(of: item) ?? "")
    let start = ContinuousClock.now
    do {
      if settings.resumes,
        let entry = publication.finished(parameters: parameters, calibration: calibration)
      {
        outcome.status = .skipped
        outcome.reason = "complete, made earlier with the same parameters"
        if let reason = entry.copyReason { outcome.reason? += " (copied: \(reason))" }
        outcome.summary = entry.summary
        return outcome
      }
      for path in [item.output, calibration].compactMap(\.self) { try publication.check(path) }
      #if Volumes
        if settings.page == nil, settings.channel == nil, VolumeInput.isVolume(item.input) {
          guard settings.regions == nil, settings.translation.fitArea == nil else {
            throw TesseraError(
              "--region and --mask are for pictures, this is a volume; leave them out")
          }
          try translateVolume(item, publication, gate: gate, &outcome)
          guard outcome.status == .translated else { return outcome }
          try publication.finish(
            parameters: parameters, copyReason: nil, calibration: nil, summary: outcome.summary)
          let pixels = (outcome.width ?? 0) * (outcome.height ?? 0) * (outcome.slices ?? 0)
          finish(&outcome, pixels: pixels, since: start)
          return outcome
        }
      #endif
      let source = try open(item)
      let pair = settings.translation.pair
      outcome.width = source.info.width
      outcome.height = source.info.height
      if source.info.pages > 1 {
        outcome.note =
          settings.page.map { "page \($0 + 1) of \(source.info.pages) is translated" }
          ?? "only the first of \(source.info.pages) pages is translated; --page takes another"
      }
      let options = settings.translation.options
      if let remark = pair.remark(on: source.info.forPairs, options: options) {
        outcome.note = [outcome.note, remark].compactMap(\.self).joined(separator: "; ")
      }
      if settings.isDryRun {
        outcome.status = .planned
        return outcome
      }
      let isLarge = source.info.region.area > BatchRunner.smallImagePixels
      gate.enter(isLarge: isLarge)
      defer { gate.leave(isLarge: isLarge) }
      let result = try translate(source, item, publication)
      if let sidecar = result.sidecar, let calibration {
        try keep(Data(sidecar), in: calibration, publication)
      }
      try publication.finish(
        parameters: parameters, copyReason: result.copyReason,
        calibration: calibration.map { result.sidecar == nil ? "" : $0 },
        summary: result.summary.isEmpty ? nil : result.summary)
      outcome.status = result.copyReason == nil ? .translated : .copied
      outcome.reason = result.copyReason
      outcome.summary = result.summary.isEmpty ? nil : result.summary
      finish(&outcome, pixels: result.width * result.height, since: start)
      return outcome
    } catch {
      tell(error, of: item, in: &outcome)
    }
    if outcome.status == .failed, publication.hasInputChanged {
      // Whatever else went wrong may have come of that.
      outcome.reason = "reading: \(Publication.changedReason)"
      (outcome.isInputUnusable, outcome.isTemporary) = (false, true)
    }
    outcome.peakMemoryMB = ProcessMemory.peakMegabytes
    return outcome
  }

  /// Puts why an item failed into its outcome.
  private func tell(_ error: any Error, of item: BatchItem, in outcome: inout BatchOutcome) {
    switch error {
    case let error as TesseraError where !error.path.isEmpty:
      outcome.isInputUnusable =
        error.path == item.input
        || error.path != item.output && error.path.hasPrefix("\(item.input)/")
      outcome.reason =
        error.path == item.input ? "\(error.action): \(error.reason)" : error.description
    case let error as TesseraError where error.action.isEmpty:
      // Of the image itself, be it that the pair has no use for it.
      outcome.reason = "translating: \(error.reason)"
      outcome.isInputUnusable = true
      if observer.isCancelled() { outcome.status = .cancelled }
    default:
      outcome.reason = "translating: \(error)"
      outcome.isInputUnusable = error is PairError
    }
  }

  /// What is known of the outputs; a single file has a ledger beside it only where it resumes.
  private func ledger(of plan: BatchPlan) -> Ledger? {
    let parent = URL(filePath: plan.items[0].output).deletingLastPathComponent().relativePath
    guard let directory = plan.directory ?? (settings.resumes ? parent : nil) else { return nil }
    return Ledger(directory: directory, isReadOnly: settings.isDryRun)
  }

  private func finish(
    _ outcome: inout BatchOutcome, pixels: Int, since start: ContinuousClock.Instant
  ) {
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    outcome.seconds = seconds
    outcome.megapixelsPerSecond = Double(pixels) / 1e6 / max(seconds, 1e-9)
    outcome.peakMemoryMB = ProcessMemory.peakMegabytes
  }

  private func open(_ item: BatchItem) throws -> any ImageSource {
    let source = try ImageFile.open(
      item.input, page: settings.page ?? 0, channel: settings.channel,
      isCropped: settings.isCropped, limits: settings.limits,
      as: settings.content)
    try engine.check(source.info, settings.translation.pair.description)
    let info = TranslationEngine.outputInfo(of: source.info, settings.translation)
    if !settings.isDryRun { try BatchRunner.makeDirectory(of: item.output) }
    if let fault = ImageOutput.fault(path: item.output, info: info, options: settings.output) {
      throw fault
    }
    return source
  }

  private func translate(
    _ source: any ImageSource, _ item: BatchItem, _ publication: Publication
  ) throws -> TranslationResult {
    let width = source.info.width
    var translation = settings.translation
    translation.furtherImages = try settings.further.open(for: item, limits: settings.limits)
    translation.regions = try settings.regions?.regions(of: item)
    return try engine.translate(
      source, translation,
      observer: .init(
        rowsDone: { done, total in observer.progress(item, done * width, total * width) },
        isCancelled: observer.isCancelled)
    ) { info in
      try ImageOutput.open(
        path: item.output, info: info, options: settings.output, pool: engine.pool,
        willPublish: { part throws(TesseraError) in try publication.prepare(part) })
    }
  }

  private func keep(
    _ sidecar: Data, in file: String, _ publication: Publication
  ) throws(TesseraError) {
    try BatchRunner.makeDirectory(of: file)
    try publication.prepare(file, content: sidecar)
    try AtomicFile.write(sidecar, to: file, action: "writing the calibration")
  }

  static func makeDirectory(of output: String) throws(TesseraError) {
    let directory = URL(filePath: output).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw TesseraError(
        output, "making its directory",
        "\(directory.relativePath) cannot be created; check the path and its permissions")
    }
  }
}
