#if Training
  import ArgumentParser
  import Terminal
  import Training

  extension LearningSchedule: ExpressibleByArgument {}
  extension TrainingDevice: ExpressibleByArgument {}

  /// How long a run lasts, where it is written and what computes it.
  struct RunArguments<Method: MethodOptions>: ParsableArguments {
    @Option(
      name: .shortAndLong, help: ArgumentHelp("The folder of the run.", valueName: "run"))
    var output: String

    @Flag(help: "Continue the run in --output with its settings.")
    var resume = false

    @Option(
      help: ArgumentHelp(
        "Train so many epochs at the full learning rate (\(Method.epochs.constant)).",
        valueName: "n"))
    var epochs: Int?

    @Option(
      help: ArgumentHelp(
        "Let the rate fall to 0 over so many epochs (\(Method.epochs.decay)).", valueName: "n"))
    var epochsDecay: Int?

    @Option(
      help: ArgumentHelp(
        "Stop after so many steps in any case.", valueName: "n", visibility: .hidden))
    var maxSteps: Int?

    @Option(help: ArgumentHelp("Examples a step (1).", valueName: "n"))
    var batchSize: Int?

    @Option(
      help: ArgumentHelp(
        "How the learning rate falls (linear).", valueName: "name", visibility: .hidden))
    var schedule: LearningSchedule?

    @Option(
      help: ArgumentHelp(
        "Average the generator; this share stays, as 0.999.",
        valueName: "x", visibility: .hidden))
    var ema: Double?

    @Option(
      help: ArgumentHelp(
        "Start the generator from a checkpoint.", valueName: "file", visibility: .hidden))
    var loadPretrain: String?

    @Option(
      help: ArgumentHelp(
        "Save a state every so many steps, besides by time.", valueName: "n", visibility: .hidden))
    var saveEvery: Int?

    @Option(help: ArgumentHelp("Random seed (0).", valueName: "n", visibility: .hidden))
    var seed: UInt64?

    @Option(
      help: ArgumentHelp(
        "Precision of convolutions (f32).",
        valueName: "name", visibility: .hidden))
    var precision: PrecisionChoice?

    @Option(help: ArgumentHelp("Where to train (cpu).", valueName: "name"))
    var device: TrainingDevice?

    @Option(
      help: ArgumentHelp(
        "Threads (all); the same number, the same bytes.", valueName: "n", visibility: .hidden))
    var threads: Int?

    mutating func validate() throws {
      if let fault = SettingBounds.fault(ofOptions: apply) { throw ValidationError(fault) }
    }

    func apply(to settings: inout TrainingSettings) {
      if let epochs { settings.epochs = epochs }
      if let epochsDecay { settings.epochsDecay = epochsDecay }
      if let maxSteps { settings.maxSteps = maxSteps }
      if let batchSize { settings.batchSize = batchSize }
      if let schedule { settings.schedule = schedule }
      if let ema { settings.ema = ema }
      if let loadPretrain { settings.initial = loadPretrain }
      if let saveEvery { settings.saveEvery = saveEvery }
      if let seed { settings.seed = seed }
      if let device { settings.device = device }
      // A run goes on in what it was begun in.
      if let precision, !(resume && precision == .auto) {
        settings.precision = precision.precision(on: settings.device)
      }
      if let threads { settings.threads = threads }
    }
  }
#endif
