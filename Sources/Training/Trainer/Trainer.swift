import Base
import Foundation
import Networks

/// Trains a method into a run directory, from its start or from where it was stopped.
package final class Trainer {
  /// What a run tells while it goes on.
  package struct Observer {
    /// How far it is, after each step.
    package var progress: (TrainingProgress) -> Void = { _ in }
    /// Something to know, such as what the data hold.
    package var note: (String) -> Void = { _ in }
    /// Something to worry about.
    package var warn: (String) -> Void = { _ in }
    /// Whether it shall stop after the current step.
    package var isCancelled: () -> Bool = { false }
    /// Makes a model package of a network; an error is a warning.
    package var publish: (TrainedNetwork) throws -> Void = { _ in }

    /// Makes an observer that sees nothing.
    package init() {}
  }

  /// How a run ended.
  package enum Outcome: Sendable, Hashable {
    case finished
    /// It was asked to stop; it can be resumed.
    case stopped
  }

  let method: any TrainingMethod
  private let run: RunDirectory
  private let settings: TrainingSettings
  private let configuration: any MethodConfiguration
  private let observer: Observer
  private let data: (training: Dataset, validation: Dataset?)
  private let average: MovingAverage?
  private let store: CheckpointStore
  private let losses: LossLog
  private let metrics: ValidationLog
  private let page: RunPage
  private let validation: Validation?
  private let stepsPerEpoch: Int
  private let picturesSize: [Int]
  private var state = RunState()
  private var health = HealthWatch()
  private var saved = ContinuousClock.now
  private var savedStep = 0
  private var published = ContinuousClock.now - .seconds(3600)

  /// Seconds between training states, and between packages.
  private static let (secondsPerSave, secondsPerPackage) = (300.0, 120.0)
  /// Steps between validations where epochs are shorter.
  private static let minimumStepsPerValidation = 100

  /// Prepares a run: reads its data, makes its networks, and goes back to its last training state if
  /// there is one.
  package init(
    _ run: RunDirectory, _ settings: TrainingSettings, observer: Observer
  ) throws(TesseraError) {
    (self.run, self.observer) = (run, observer)
    try Self.checkDevice(settings)
    Torch.setThreads(settings.threads)
    configuration = try settings.configuration()
    let opened = try Dataset.open(
      settings.data, kind: settings.kind, options: settings.reading, heldOut: settings.heldOut,
      multiple: configuration.sizeMultiple, seed: settings.seed,
      pool: WorkerPool(count: settings.threads))
    data = (opened.training, opened.validation)
    var settings = settings
    if settings.heldOut == nil {
      // From here on the run keeps to it, whatever comes into the folder.
      settings.heldOut = opened.heldOut
      try run.write(settings)
    }
    self.settings = settings
    for finding in opened.findings { observer.note("\(settings.data): \(finding)") }
    let training = opened.training
    stepsPerEpoch = max(1, training.count / settings.batchSize)
    let example = try Self.firstExample(training, settings)
    picturesSize = example.source.size
    var setting = MethodSetting()
    (setting.sourceChannels, setting.targetChannels) = (
      training.sourceChannels, training.targetChannels
    )
    (setting.height, setting.width) = (picturesSize[0], picturesSize[1])
    (setting.seed, setting.device) = (settings.seed, settings.device)
    setting.perceptual = try configuration.perceptual.map { path throws(TesseraError) in
      try PerceptualLoss(path, device: settings.device)
    }
    let made = try configuration.make(setting)
    method = made
    made.begin(epoch: 0)
    if let path = settings.initial { try Self.adopt(path, into: made.generator) }
    average = settings.ema.map { MovingAverage(of: made.generator, share: $0) }
    try Torch.check()
    store = CheckpointStore(run.checkpoints)
    if let (checkpoint, file) = store.latest(warn: observer.warn) {
      state = try RunState(file.metadata, path: checkpoint.path)
      if state.step > 0 { method.begin(epoch: (state.step - 1) / stepsPerEpoch) }
      try TrainingState.restore(file.tensors, method, average, device: settings.device)
      store.removeAll(after: state.step)
      observer.note("\(run.path): going on from step \(state.step)")
    }
    losses = try LossLog(run.lossLog, resumingFrom: state.step > 0 ? state.step : nil)
    metrics = try ValidationLog(run.validationLog, resumingFrom: state.step > 0 ? state.step : nil)
    let isPaired = settings.kind != .unpaired
    validation = opened.validation.map {
      Validation(
        data: $0, isPaired: isPaired, device: settings.device,
        isSpread: !opened.heldOut.isEmpty)
    }
    let shown = opened.validation ?? training
    page = RunPage(
      run, settings, finding: opened.validationFinding, samplesOf: shown,
      Validation(data: shown, isPaired: isPaired, device: settings.device))
  }

  /// Refuses settings that no run can have, before there is a folder for it.
  package static func check(
    _ settings: TrainingSettings, hasData: Bool = true
  ) throws(TesseraError) {
    _ = try settings.configuration()
    if hasData {
      _ = try Dataset.Split(
        settings.data, kind: settings.kind, holdOut: settings.reading.holdOut, heldOut: nil)
    }
    try checkDevice(settings)
  }

  private static func checkDevice(_ settings: TrainingSettings) throws(TesseraError) {
    guard settings.device == .cuda, !Torch.hasCUDA else { return }
    throw TesseraError(
      "--device cuda", "looking for the device",
      "there is none that this libtorch (\(Torch.version)) can use; leave --device out to train on the"
        + " processor")
  }

  /// Steps of the whole run.
  package var steps: Int {
    let all = (settings.epochs + settings.epochsDecay) * stepsPerEpoch
    return min(all, settings.maxSteps ?? all)
  }

  /// Trains to the end, or until the observer says stop.
  package func train() throws(TesseraError) -> Outcome {
    guard state.step < steps else {
      observer.note("\(run.path): all \(steps) steps are done; raise --epochs to go on")
      try finish(.finished)
      return .finished
    }
    let loader = ExampleLoader(
      data.training, batchSize: settings.batchSize, seed: settings.seed,
      steps: state.step..<steps)
    defer { loader.stop() }
    do throws(TesseraError) {
      return try loop(loader)
    } catch {
      try? write(.stopped(error.description), nil)
      throw error
    }
  }

  private func loop(_ loader: ExampleLoader) throws(TesseraError) -> Outcome {
    var times = StepTimes()
    var progress: TrainingProgress?
    saved = .now
    while state.step < steps {
      let start = ContinuousClock.now
      let (epoch, place) = (state.step / stepsPerEpoch, state.step % stepsPerEpoch)
      if place == 0 { method.begin(epoch: epoch) }
      let (batch, wait) = try loader.next()
      for warning in loader.takeWarnings() { warn(warning) }
      let found = try step(batch, epoch)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      times.append(seconds: seconds, dataWait: wait)
      try losses.append(
        step: state.step, epoch: epoch + 1, seconds: seconds, dataWait: wait,
        losses: found.map { ($0.name, $0.value) })
      let now = TrainingProgress(
        step: state.step, steps: steps, epoch: epoch + 1,
        epochs: settings.epochs + settings.epochsDecay, secondsPerStep: times.secondsPerStep,
        dataWait: times.dataWait, losses: found.map { .init($0.name, $0.value) })
      progress = now
      observer.progress(now)
      try afterStep(epoch, now)
      if observer.isCancelled(), state.step < steps {
        try save(marks: [])
        try finish(.stopped("stopped by the user; --resume goes on"), now)
        return .stopped
      }
    }
    if savedStep != state.step { try save(marks: []) }
    try sample((state.step - 1) / stepsPerEpoch + 1)
    try finish(.finished, progress)
    return .finished
  }

  /// One update; throws where a loss is no number, before anything of it is saved.
  private func step(_ batch: ExampleLoader.Batch, _ epoch: Int) throws(TesseraError) -> [Loss] {
    let tensors = TensorBatch(
      batch.examples, classes: data.training.classes, device: settings.device)
    var factor = settings.schedule.factor(
      epoch: epoch, constant: settings.epochs, decay: settings.epochsDecay,
      afterEpochs: type(of: configuration).decaysAfterEpochs)
    if settings.schedule == .plateau { factor = state.plateau.factor }
    let context = StepContext(
      index: state.step, seed: settings.seed, rateFactor: factor, precision: settings.precision,
      device: settings.device)
    // Dropout draws from libtorch's own generator.
    var numbers = SeededNumbers(seed: settings.seed, .noise, state.step, 1)
    Torch.seed(numbers.next())
    let found = try method.step(tensors, context)
    try Torch.check()
    if let bad = found.first(where: { !$0.value.isFinite }) {
      let last = store.entries.last.map { "; the last good state is \($0.path)" } ?? ""
      throw TesseraError(
        run.path, "training, step \(state.step + 1)",
        "the loss \(bad.name) is \(ShortNumber.text(bad.value)): lower --learning-rate"
          + (settings.precision == .bf16 ? ", or use --precision f32" : "") + last)
    }
    state.step += 1
    average?.update()
    return found
  }

  private func afterStep(
    _ epoch: Int, _ progress: TrainingProgress
  ) throws(TesseraError) {
    if let text = health.observe(
      progress.losses.map { Loss($0.name, value: $0.value) },
      mode: configuration.adversarial)
    {
      warn(text)
    }
    let isEpochEnd = state.step % stepsPerEpoch == 0
    let epochsPerValidation = (Self.minimumStepsPerValidation + stepsPerEpoch - 1) / stepsPerEpoch
    let isValidated =
      state.step == steps || isEpochEnd && (epoch + 1) % epochsPerValidation == 0
    var isBest = false
    if isValidated { isBest = try validate(epoch + 1) }
    if page.isDue { try sample(epoch + 1) }
    let age = (ContinuousClock.now - saved) / .seconds(1)
    let isDue = settings.saveEvery.map { state.step % $0 == 0 } ?? false
    if isBest || isDue || age >= Self.secondsPerSave { try save(marks: isBest ? [.best] : []) }
    if page.isOld { try write(.running, progress) }
  }

  /// Looks at pictures that are held out; whether the result is the best so far.
  private func validate(_ epoch: Int) throws(TesseraError) -> Bool {
    guard let validation else { return false }
    let found = try averaged { () throws(TesseraError) in try validation.metrics(of: method) }
    guard let first = found.first else { return false }
    try metrics.append(epoch: epoch, step: state.step, metrics: found)
    state.plateau.observe(first.value)
    guard state.best.map({ first.value < $0 }) ?? true else { return false }
    (state.best, state.bestEpoch) = (first.value, epoch)
    return true
  }

  private func averaged<Result>(
    _ body: () throws(TesseraError) -> Result
  ) throws(TesseraError) -> Result {
    guard let average else { return try body() }
    return try average.used(body)
  }

  private func sample(_ epoch: Int) throws(TesseraError) {
    let brightness = try averaged { () throws(TesseraError) in
      try page.draw(method, step: state.step, epoch: epoch)
    }
    guard state.step >= 200, !brightness.made.isEmpty else { return }
    if let text = health.observe(
      source: brightness.source, made: brightness.made,
      target: settings.kind == .unpaired ? nil : brightness.target)
    {
      warn(text)
    }
  }

  private func save(marks: Set<SavedCheckpoint.Mark>) throws(TesseraError) {
    try losses.flush()
    try store.save(
      TrainingState.tensors(method, average), step: state.step, metadata: state.metadata,
      marks: marks)
    if marks.contains(.best) {
      try TrainingState.writeNetworks(method, average, to: run.checkpoints, label: "best")
    }
    (saved, savedStep) = (.now, state.step)
    if (ContinuousClock.now - published) / .seconds(1) >= Self.secondsPerPackage { try publish() }
  }

  /// Writes the networks in the official layout, and the package.
  private func publish() throws(TesseraError) {
    try TrainingState.writeNetworks(method, average, to: run.checkpoints, label: "latest")
    do {
      try observer.publish(trained)
    } catch {
      warn("the package could not be written: \(error)")
    }
    published = .now
  }

  private var trained: TrainedNetwork {
    let reading = settings.reading
    func window(_ numbers: [Float]?) -> ClosedRange<Float>? { numbers.map { $0[0]...$0[1] } }
    var network = TrainedNetwork(
      path: "\(run.checkpoints)/latest_net_\(method.generatorName).pth",
      method: settings.method.name,
      steps: state.step,
      classes: data.training.classes, hasInstances: data.training.hasInstances,
      unknownClass: data.training.unknownClass, colors: data.training.colors,
      sourceWindow: window(reading.sourceWindow),
      targetWindow: window(reading.targetWindow))
    configuration.describe(&network, height: picturesSize[0], width: picturesSize[1])
    return network
  }

  private func finish(
    _ end: RunReport.State, _ progress: TrainingProgress? = nil
  ) throws(TesseraError) {
    try losses.flush()
    try publish()
    try write(end, progress)
  }

  private func write(
    _ end: RunReport.State, _ progress: TrainingProgress?
  ) throws(TesseraError) {
    try page.write(
      end, progress, losses: losses.table, validation: metrics.table, bestEpoch: state.bestEpoch)
  }

  private func warn(_ text: String) {
    page.warn(text)
    observer.warn(text)
  }

  private static func firstExample(
    _ data: Dataset, _ settings: TrainingSettings
  ) throws(TesseraError) -> TrainingExample {
    for index in 0..<data.count {
      if let example = try? data.example(index, epoch: 0, place: index, seed: settings.seed) {
        return example
      }
    }
    throw TesseraError(settings.data, "reading the training data", "no example can be read")
  }

  /// Starts the generator from what a checkpoint has of it.
  private static func adopt(
    _ path: String, into network: TrainableNetwork
  ) throws(TesseraError) {
    guard network.adopt(try Checkpoint.read(path).tensors) > 0 else {
      throw TesseraError(
        path, "starting from it", "no parameter fits the generator by name and shape")
    }
  }
}
