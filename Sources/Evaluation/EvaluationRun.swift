import Base
import Metrics
import TileIO

/// Measures image after image, then set against set.
package struct EvaluationRun {
  /// Hears what happens.
  package struct Observer {
    /// What is being measured, in words; nil where nothing is, and before a failure.
    package var progress: (String?) -> Void
    /// An image failed: a line that names it.
    package var failed: (String) -> Void
    /// Asked often; once true, the run ends with ``TesseraError/cancelled``.
    package var isCancelled: @Sendable () -> Bool

    package init(
      progress: @escaping (String?) -> Void = { _ in },
      failed: @escaping (String) -> Void = { _ in },
      isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
      (self.progress, self.failed, self.isCancelled) = (progress, failed, isCancelled)
    }
  }

  private let sets: EvaluatedSets
  private let choice: MetricChoice
  private let networks: Backbone.Networks
  private let range: LevelRange?
  private let hounsfield: LevelRange
  private let kernel: KernelDistance
  private let pool: WorkerPool
  private let limits: ImageFile.Limits
  private let observer: Observer

  /// Prepares a run; `range` is that of the levels, nil for what the depth of the target says, and
  /// `hounsfield` that of volumes.
  package init(
    _ sets: EvaluatedSets, _ choice: MetricChoice, networks: Backbone.Networks = .init(),
    range: LevelRange? = nil, hounsfield: LevelRange, kernel: KernelDistance = KernelDistance(),
    pool: WorkerPool, limits: ImageFile.Limits = ImageFile.Limits(),
    observer: Observer = Observer()
  ) {
    (self.sets, self.choice, self.networks) = (sets, choice, networks)
    (self.range, self.hounsfield, self.kernel) = (range, hounsfield, kernel)
    (self.pool, self.limits, self.observer) = (pool, limits, observer)
  }

  /// Measures everything; an image that fails is told to the observer and stops nothing else.
  package func evaluate() throws -> Evaluation {
    var evaluation = Evaluation(files: sets)
    evaluation.backbone = networks.features.map { "\($0.path), \($0.node)" }
    evaluation.notes = sets.notes
    try measurePairs(&evaluation)
    try measureSets(&evaluation)
    addNotes(&evaluation)
    return evaluation
  }

  private func measurePairs(_ evaluation: inout Evaluation) throws {
    guard !choice.pairs.isEmpty || !choice.content.isEmpty else {
      evaluation.images = sets.items.map { Evaluation.Image(item: $0) }
      return
    }
    for (index, item) in sets.items.enumerated() {
      observer.progress("image \(index + 1) of \(sets.items.count)")
      var image = Evaluation.Image(item: item)
      do {
        if !choice.pairs.isEmpty, let target = item.target {
          image.pair = try figures(choice.pairs, item, target)
        }
        if !choice.content.isEmpty, let input = item.input {
          image.content = try figures(choice.content, item, input)
        }
      } catch {
        try endIfCancelled()
        let line = error.naming(item.result, "comparing").description
        image.failure = line
        fail(item.result, line, &evaluation)
      }
      evaluation.images.append(image)
    }
    observer.progress(nil)
  }

  private func figures(
    _ metrics: Set<PairedMetric>, _ item: EvaluatedSets.Item, _ other: String
  ) throws -> PairedFigures {
    #if Volumes
      if EvaluatedVolumes.isVolume(item.result) || EvaluatedVolumes.isVolume(other) {
        return try VolumePair(item.result, against: other, mask: item.mask).measure(
          VolumeEvaluation(metrics, range: range, hounsfield: hounsfield), pool: pool)
      }
    #endif
    func open(_ path: String) throws -> any ImageSource {
      try ImageFile.open(
        path, limits: limits, as: choice.areLabels ? .labels(palette: nil) : .picture)
    }
    let evaluation = PairedEvaluation(metrics, range: range)
    let (result, target) = (try open(item.result), try open(other))
    let mask = try item.mask.map { try ImageFile.open($0, limits: limits) }
    var figures = PairedFigures()
    do {
      if !evaluation.metrics.isEmpty {
        figures = try evaluation.measure(
          result, against: target, mask: mask, pool: pool, isCancelled: observer.isCancelled)
      }
      if metrics.contains(where: \.isHounsfield) {
        try addHounsfield(
          metrics, open(item.result), open(other), item.mask.map(open), &figures)
      }
      if metrics.contains(.lpips), let perceptual = networks.perceptual {
        figures.values[.lpips] = try perceptual.measure(open(item.result), against: open(other))
      }
    } catch let error as TesseraError {
      throw error.naming(item.result, "comparing with \(other)")
    }
    guard !figures.values.isEmpty else {
      let reason = figures.notes.joined(separator: "; ")
      throw TesseraError(item.result, "comparing with \(other)", reason)
    }
    return figures
  }

  private func addHounsfield(
    _ metrics: Set<PairedMetric>, _ result: any ImageSource, _ target: any ImageSource,
    _ mask: (any ImageSource)?, _ figures: inout PairedFigures
  ) throws {
    let similarity = HounsfieldSimilarity(range: hounsfield)
    let values = try similarity.measure(
      FloatVolume(result), against: FloatVolume(target), mask: mask.map { try FloatVolume($0) },
      wantsMSSSIM: metrics.contains(.huMSSSIM))
    if metrics.contains(.huMAE) { figures.values[.huMAE] = values.mae }
    if metrics.contains(.huPSNR) { figures.values[.huPSNR] = values.psnr }
    if metrics.contains(.huMSSSIM), let value = values.msSSIM { figures.values[.huMSSSIM] = value }
    figures.pixels = max(figures.pixels, values.voxels)
  }

  private func measureSets(_ evaluation: inout Evaluation) throws {
    guard !choice.sets.isEmpty else { return }
    let failed = Set(evaluation.failures.map(\.path))
    let results = sets.items.map(\.result).filter { !failed.contains($0) }
    let result = try survey(results, "results", &evaluation)
    let target = try survey(sets.targets, "targets", &evaluation)
    guard result.count > 0, target.count > 0 else { return }
    let comparison = try SetComparison(
      result, target, kernel: kernel, isCancelled: observer.isCancelled)
    evaluation.notes += result.notes + target.notes + comparison.notes
    var inputs: [String: SetFigure] = [:]
    if !sets.inputs.isEmpty {
      let input = try survey(sets.inputs, "inputs", &evaluation)
      if input.count > 0 {
        let before = try SetComparison(
          input, target, kernel: kernel, isCancelled: observer.isCancelled)
        evaluation.notes += input.notes
        for figure in before.figures { inputs[figure.name] = figure }
      }
    }
    evaluation.sets = comparison.figures.map { ($0, inputs[$0.name]) }
    observer.progress(nil)
  }

  private func survey(
    _ paths: [String], _ title: String, _ evaluation: inout Evaluation
  ) throws -> SetSurvey {
    var survey = SetSurvey(choice.sets, range: range, network: networks.features)
    for (index, path) in paths.enumerated() {
      observer.progress("\(title): \(index + 1) of \(paths.count)")
      do {
        try survey.add(path, pool: pool, isCancelled: observer.isCancelled) {
          try ImageFile.open(path, limits: limits)
        }
      } catch {
        try endIfCancelled()
        fail(path, error.naming(path, "surveying the set").description, &evaluation)
      }
    }
    return survey
  }

  private func addNotes(_ evaluation: inout Evaluation) {
    // The same note of many images is one line.
    var counts: [String: Int] = [:]
    var order: [String] = []
    for note in evaluation.images.flatMap({ ($0.pair?.notes ?? []) + ($0.content?.notes ?? []) }) {
      if counts[note] == nil { order.append(note) }
      counts[note, default: 0] += 1
    }
    evaluation.notes += order.prefix(20).map { note in
      let count = counts[note] ?? 1
      return count > 1 ? "\(note) (\(count) images)" : note
    }
    let nonFinite = evaluation.images.reduce(0) { $0 + ($1.pair?.nonFiniteSamples ?? 0) }
    if nonFinite > 0 {
      evaluation.notes.append("\(nonFinite) samples are NaN or infinite and were left out")
    }
  }

  private func endIfCancelled() throws(TesseraError) {
    guard observer.isCancelled() else { return }
    observer.progress(nil)
    throw .cancelled
  }

  private func fail(_ path: String, _ line: String, _ evaluation: inout Evaluation) {
    observer.progress(nil)
    // An image that fails twice, as a partner and in its set, is one failure.
    let isKnown = evaluation.failures.contains { $0.path == path || $0.reason == line }
    guard !isKnown else { return }
    observer.failed(line)
    evaluation.failures.append((path, line))
  }
}
